// Filters, connections and messages for the fuzzing of the line: well formed more often than not, hostile throughout.
import { createFilters } from './filterCases.mjs';

const words = (text) => text.split(' ');

/** Makers that draw from `random`. */
export function createCases(random) {
  const below = (n) => Math.floor(random() * n);
  const pick = (items) => items[below(items.length)];
  const some = (make, most = 3) => Array.from({ length: below(most + 1) }, make);
  const maybe = (share, make) => (random() < share ? make() : {});

  const filter = createFilters(random);

  const KEYS = [
    'n',
    'o',
    'k',
    'x',
    'f',
    'attributes',
    'features',
    'properties',
    'thingId',
    'constructor',
    '',
  ];
  const SCALARS = [
    1,
    -2.5,
    0,
    true,
    null,
    '',
    'a',
    'a'.repeat(300),
    '{{ header:a }}',
    '1e9',
    '2024-01-01T00:00:00Z',
  ];

  function json(depth = 0) {
    if (depth >= 4 || random() < 0.4) return pick(SCALARS);
    if (random() < 0.3) return some(() => json(depth + 1), 4);
    return object(depth);
  }

  const object = (depth = 0) => Object.fromEntries(some(() => [pick(KEYS), json(depth + 1)], 5));

  const PARTS = [
    'a',
    '/',
    '"',
    '\\',
    '{{',
    '}}',
    '{{ header:a }}',
    "{{ header:b | fn:default('x') }}",
    "{{ header:a | fn:split(',') }}",
    "{{ header:a | fn:filter('a','like','*?') }}",
    '{{ header:a | fn:delete() }}',
    '{{ thing:id }}',
    '{{ thing:name | fn:upper() }}',
    '{{ topic:full }}',
    '{{ source:address }}',
    '{{ time:now }}',
    '{{ none:x }}',
  ];
  const template = () => (random() < 0.4 ? 'x' : some(() => pick(PARTS), 3).join('') || 'x');

  const HEADERS = words(
    'a b A content-type ttd creation-time ce-id ditto-message-subject ditto-message-thing-id ' +
      'status reply-to',
  );
  const VALUES = [
    'x',
    '',
    '20',
    '1571214120000',
    'ns:t',
    'ü,ö',
    '\\',
    'a"},"b":{"c":"',
    '{{ header:a }}',
    'application/json',
    'application/vnd.eclipse.ditto+json',
    'application/cloudevents+json',
    'text/plain;charset=x',
  ];
  const headers = () => Object.fromEntries(some(() => [pick(HEADERS), pick(VALUES)], 5));

  const ACTIONS = words(
    'commands/modify commands/create commands/retrieve commands/merge events/modified ' +
      'events/merged events/deleted messages/m errors acks/l',
  );
  const PATHS = [
    '/',
    '',
    '/attributes/n',
    '/attributes/n',
    '/attributes/n',
    '/attributes',
    '/features/f/properties/x',
    '/inbox/messages/m',
    '/features//x',
    '/nowhere',
  ];

  function protocolMessage() {
    const topic = `${pick(['ns', 'ns', 'org.acme', '_', ''])}/${pick(['t', 't', 't', 'x:y', '_'])}/things/${pick(['twin', 'live'])}`;
    return {
      topic: `${topic}/${pick(ACTIONS)}`,
      headers: random() < 0.9 ? headers() : json(2),
      path: random() < 0.05 ? '/a'.repeat(below(400)) : pick(PATHS),
      ...maybe(0.8, () => ({ value: json(1) })),
      ...maybe(0.2, () => ({ status: pick([200, 201, 204, 404, 500, 99, 'x']) })),
      ...maybe(0.9, () => ({ revision: pick([1, 1, 7, -1, 1.5]) })),
      ...maybe(0.3, () => ({ timestamp: pick(['2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z', 'now']) })),
    };
  }

  const conditions = () =>
    maybe(0.2, () => ({ c: pick(["fn:filter(header:a,'eq','x')", 'fn:nope()', "fn:filter('"]) }));
  const define = (mappingEngine, options) => ({
    mappingEngine,
    options,
    incomingConditions: conditions(),
    outgoingConditions: conditions(),
  });

  function definitions() {
    const all = {
      d: define('Ditto', { 'content-type-blocklist': template() }),
      i: define('ImplicitThingCreation', {
        thing: {
          thingId: pick(['{{ header:a }}', 'a:b', 'ns:{{ header:b }}']),
          attributes: { [template()]: template() },
        },
        commandHeaders: { x: template() },
      }),
      c: define('ConnectionStatus', { thingId: template(), featureId: template() }),
      r: define('RawMessage', {
        outgoingContentType: template(),
        incomingMessageHeaders: { 'content-type': template(), status: template() },
      }),
      n: define('Normalized', {
        fields: pick(['thingId', '', 'attributes/n,_context(path)']),
        includeDeletedFields: true,
      }),
    };
    return Object.fromEntries(Object.entries(all).filter(() => random() < 0.7));
  }

  const MAPPERS = ['Ditto', 'Normalized', 'RawMessage', 'CloudEvents', 'UpdateTwinWithLiveResponse'];
  const payloadMapping = () =>
    some(() => pick([...MAPPERS, 'd', 'i', 'c', 'r', 'n', 'none', '__proto__']), 3);
  const NAMES = ['x', 'timeout', 'correlation-id', 'content-type', 'ditto-origin'];
  const headerMapping = () => Object.fromEntries(some(() => [pick(NAMES), template()], 3));

  function topic() {
    const kind = pick(['twin/events', 'live/messages', 'live/commands', 'live/events']);
    const fields = pick(['attributes', 'features/*/properties', 'attributes/{{ header:a }}']);
    const query = pick(['', '?namespaces=ns', `?extraFields=${fields}`, `?filter=${filter(1)}`]);
    return `_/_/things/${kind}${query}`;
  }

  const source = () => ({
    addresses: ['a'],
    authorizationContext: [pick(['s:1', template()])],
    headerMapping: headerMapping(),
    payloadMapping: payloadMapping(),
    replyTarget: { address: template(), headerMapping: headerMapping() },
    ...maybe(0.2, () => ({ enforcement: { input: template(), filters: some(template, 2) } })),
    ...maybe(0.3, () => ({
      acknowledgementRequests: {
        includes: ['a:b'],
        filter: pick(["fn:filter(header:a,'eq','x')", 'fn:delete()', 'x']),
      },
    })),
  });

  const target = () => ({
    address: template(),
    topics: [topic(), ...some(topic, 2)],
    authorizationContext: ['s:1'],
    headerMapping: headerMapping(),
    payloadMapping: payloadMapping(),
  });

  const connection = () => ({
    id: 'fuzz',
    connectionType: pick(['mqtt-5', 'amqp-10', 'kafka', 'amqp-091', 'mqtt']),
    connectionStatus: 'open',
    uri: 'tcp://broker.example.org:1883',
    mappingDefinitions: definitions(),
    sources: [source()],
    targets: some(target, 3),
  });

  /** A few characters gone, doubled or replaced, now and then. */
  function damage(text, share = 0.4) {
    let result = text;
    while (random() < share) {
      const at = below(result.length + 1);
      const again = result.slice(at, at + 5);
      const insert = pick([
        '',
        '(',
        ')',
        ',',
        '"',
        "'",
        '\\',
        '/',
        '{{',
        '\0',
        '\ud800',
        '[',
        again,
        '('.repeat(below(2000)),
      ]);
      result = result.slice(0, at) + insert + result.slice(at + below(3));
    }
    return result;
  }

  return { filter, object, headers, protocolMessage, connection, damage };
}
