import {
  type CompiledConnection,
  type CompiledTarget,
  type Connection,
  type ExternalMessage,
  errorReply,
  type JsonObject,
  parseAdaptable,
  parseJson,
  type ReplyTarget,
  type Signal,
  stringifyJson,
  type Target,
} from '@hawser/core';

/**
 * A compiled connection without the compiler: payloads are Ditto Protocol messages, kept as they are; every target with a
 * fitting topic is selected. For tests of the line alone.
 */
export function fakeCompile(connection: Connection): CompiledConnection {
  const targets = connection.targets.map((target, index) => compileTarget(target, index));
  return {
    connection,
    targets,
    sources: new Map(
      connection.sources.map((source) => [
        source.index,
        {
          source,
          declaredAcks: new Set(source.declaredAcks),
          errorResponse: (error, _message, _origin, adaptable) =>
            errorReply(error, { topic: adaptable?.topic, headers: adaptable?.headers ?? {} }),
          mapInbound: (message: ExternalMessage) => [
            {
              mapper: 'Ditto',
              outcome: 'mapped' as const,
              signals: [{ signal: signalOf(message, connection.id) }],
              error: undefined,
            },
          ],
        },
      ]),
    ),
    replyTargets: new Map(
      connection.sources.flatMap(({ index, replyTarget }) =>
        replyTarget === undefined ? [] : [[index, compileTarget(replyTarget, -1)]],
      ),
    ),
    selectTargets: (signal) =>
      targets.filter(
        ({ target }) => 'topics' in target && target.topics.some(({ topic }) => fits(signal, topic)),
      ),
  };
}

function fits({ adaptable: { topic } }: Signal, name: string): boolean {
  if (topic.group === 'connections') return name === '_/_/connections/announcements';
  return name === `_/_/things/${topic.channel}/${topic.criterion}`;
}

function signalOf(message: ExternalMessage, connectionId: string): Signal {
  const json = parseJson(message.text ?? Buffer.from(message.bytes ?? []).toString());
  const adaptable = parseAdaptable(json as JsonObject);
  const { topic } = adaptable;
  return {
    kind: topic.criterion === 'events' ? 'event' : 'command',
    type:
      topic.criterion === 'messages'
        ? 'messages.commands:thingMessage'
        : `things.${topic.criterion}:${topic.action}`,
    adaptable,
    headers: { ...adaptable.headers, 'ditto-origin': connectionId },
    entityId: `${topic.namespace}:${topic.name}`,
    entityType: 'thing',
    resourcePath: adaptable.path,
    status: undefined,
    category: undefined,
  };
}

function compileTarget(target: Target | ReplyTarget, index: number): CompiledTarget {
  const qos = 'qos' in target ? target.qos : undefined;
  const label = 'issuedAcknowledgementLabel' in target ? target.issuedAcknowledgementLabel : undefined;
  return {
    index,
    target,
    issuedAcknowledgementLabel: label,
    extraFields: () => [],
    enrich: () => ({ extra: undefined }),
    mapOutbound: ({ adaptable }) => [
      {
        mapper: 'Ditto',
        results: [
          {
            publish: {
              target: { address: target.address, qos, targetIndex: index },
              message: { headers: {}, text: stringifyJson((adaptable.value ?? null) as JsonObject) },
            },
          },
        ],
      },
    ],
  };
}
