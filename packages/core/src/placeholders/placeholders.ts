import { textOf } from '../json/items.ts';
import { isJsonArray, isJsonObject } from '../json/jsonValue.ts';
import { valueAt } from '../json/valueAt.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import { parsePointer } from '../protocol/pointer.ts';
import type { Signal } from '../protocol/signal.ts';
import { formatTopicPath, type TopicPath } from '../protocol/topicPath.ts';
import { rememberWeakly } from '../remember.ts';
import type { Placeholder, PlaceholderContext } from './placeholder.ts';
import { illegalArgument } from './placeholderErrors.ts';
import { javaTrim } from './splitPipeline.ts';
import { keysOf, thingOfSignal } from './thingOfSignal.ts';
import { timePlaceholder } from './timePlaceholder.ts';

type SingleLookup = (context: PlaceholderContext) => string | undefined;

/** A family with fixed names and at most one value each. */
const single = (prefix: string, names: Readonly<Record<string, SingleLookup>>): Placeholder => ({
  prefix,
  compile(name) {
    const lookup = Object.hasOwn(names, name) ? names[name] : undefined;
    if (lookup === undefined) return undefined;
    return (context) => {
      const value = lookup(context);
      return value === undefined ? [] : [value];
    };
  },
});

const header = (find: (headers: DittoHeaders, name: string) => string | undefined): Placeholder => ({
  prefix: 'header',
  compile(name) {
    return ({ headers }) => {
      if (headers === undefined) return [];
      if (name === '') throw illegalArgument("The argument 'headerKey' must not be empty!");
      const value = find(headers, name);
      return value === undefined ? [] : [value];
    };
  },
});

/** `header:<name>`, without regard to case. */
export const headerPlaceholder = header(findHeader);

/** `header:<name>` by its exact name: enforcement input, authorization context and options of mappers. */
export const exactHeaderPlaceholder = header((headers, name) =>
  Object.hasOwn(headers, name) ? headers[name] : undefined,
);

/** `header:` for a place where only some names are allowed (e.g. MQTT 3.1.1 sources). */
export const headersPlaceholderOf = (names: readonly string[]): Placeholder => ({
  prefix: 'header',
  compile: (name) => (names.includes(name) ? headerPlaceholder.compile(name) : undefined),
});

/** External headers may hold several spellings of one name: the last counts, as in Ditto headers made of them. */
function findHeader(headers: DittoHeaders, name: string): string | undefined {
  const wanted = name.toLowerCase();
  let found: string | undefined;
  for (const key of Object.keys(headers)) {
    if (key.length === wanted.length && key.toLowerCase() === wanted) found = headers[key];
  }
  return found;
}

function entityIdNames(idOf: (signal: Signal) => string | undefined): Readonly<Record<string, SingleLookup>> {
  const part = (cut: (id: string, colon: number) => string): SingleLookup => {
    return ({ signal }) => {
      const id = signal === undefined ? undefined : idOf(signal);
      const colon = id?.indexOf(':') ?? -1;
      // an id without a namespace does not resolve at all
      return id === undefined || colon < 0 ? undefined : cut(id, colon);
    };
  };
  return {
    id: part((id) => id),
    namespace: part((id, colon) => id.slice(0, colon)),
    name: part((id, colon) => id.slice(colon + 1)),
  };
}

const idOfType = (type: Signal['entityType']): Readonly<Record<string, SingleLookup>> =>
  entityIdNames(({ entityType, entityId }) => (entityType === type ? entityId : undefined));

/** `thing:id|namespace|name`; unresolved for signals of policies. */
export const thingPlaceholder = single('thing', idOfType('thing'));
/** `policy:id|namespace|name`; only in enforcement filters. */
export const policyPlaceholder = single('policy', idOfType('policy'));
/** `entity:id|namespace|name`. */
export const entityPlaceholder = single(
  'entity',
  entityIdNames(({ entityId }) => entityId),
);

const topicPart = (part: (topic: TopicPath) => string | undefined): SingleLookup => {
  return ({ topic, signal }) => {
    const path = topic ?? signal?.adaptable.topic;
    return path === undefined ? undefined : part(path);
  };
};

/** `topic:…` (protocol/.../placeholders/ImmutableTopicPathPlaceholder.java). */
export const topicPlaceholder = single('topic', {
  full: topicPart(formatTopicPath),
  namespace: topicPart(({ namespace }) => namespace),
  entityName: topicPart(({ name }) => name),
  group: topicPart(({ group }) => group),
  channel: topicPart(({ channel }) => channel),
  criterion: topicPart(({ criterion }) => criterion),
  action: topicPart(({ action }) => action),
  subject: topicPart(({ subject }) => subject),
  'action-subject': topicPart(({ subject, action }) => subject ?? action),
});

/** `resource:type|path`. */
export const resourcePlaceholder = single('resource', {
  type: ({ signal }) => (signal === undefined ? undefined : resourceType(signal)),
  path: ({ signal }) => (signal === undefined ? undefined : signal.resourcePath || '/'),
});

function resourceType({ kind, type, entityType }: Signal): string | undefined {
  if (kind === 'acknowledgement' || kind === 'acknowledgements') return type;
  return type.startsWith('messages.') ? 'message' : entityType;
}

/** `connection:id`. */
export const connectionPlaceholder = single('connection', { id: ({ connectionId }) => connectionId });
/** `source:address`; only as enforcement input of MQTT sources. */
export const sourcePlaceholder = single('source', { address: ({ sourceAddress }) => sourceAddress });

/** `request:subjectId`: every subject of the authorization context, in its order. */
export const requestPlaceholder: Placeholder = {
  prefix: 'request',
  compile: (name) => (name === 'subjectId' ? ({ authSubjects = [] }) => authSubjects : undefined),
};

/** `feature:id`: the feature of the signal, or all those that a change of the whole thing or of `/features` touches. */
export const featurePlaceholder: Placeholder = {
  prefix: 'feature',
  compile: (name) =>
    name === 'id' ? ({ signal }) => (signal === undefined ? [] : featureIds(signal)) : undefined,
};

const CHANGES = new Set(['create', 'modify', 'merge', 'created', 'modified', 'merged', 'deleted']);

function featureIds({ resourcePath, adaptable }: Signal): readonly string[] {
  const [root, id] = keysOf(resourcePath);
  if (root === 'features' && id !== undefined) return [id];
  const { topic, value } = adaptable;
  if (topic.group !== 'things' || !CHANGES.has(topic.action ?? '')) return [];
  const features = root === undefined ? valueAt(value, ['features']) : value;
  const isAboutFeatures = root === undefined || root === 'features';
  return isAboutFeatures && isJsonObject(features) ? Object.keys(features) : [];
}

const NOT_THING_JSON = new Set(['id', 'name', 'namespace']);

/** `thing-json:<pointer>`: any value of the thing as far as the signal and its enriched fields tell it. */
export const thingJsonPlaceholder: Placeholder = {
  prefix: 'thing-json',
  compile(name) {
    if (NOT_THING_JSON.has(name)) return undefined;
    const trimmed = javaTrim(name);
    const pointer = javaTrim(
      trimmed.startsWith('thing-json:') ? trimmed.slice('thing-json:'.length) : trimmed,
    );
    let path: readonly string[] | undefined;
    return (context) => {
      const thing = thingOf(context);
      if (thing === undefined) return [];
      if (name === '') throw illegalArgument("The argument 'name' must not be empty!");
      if (pointer === '') return [];
      path ??= parsePointer(pointer);
      const value = valueAt(thing, path);
      if (value === undefined) return [];
      return isJsonArray(value) ? value.map(textOf) : [textOf(value)];
    };
  },
};

/** Assembled once for all placeholders of a message. */
const thingOf = rememberWeakly(({ signal, extra }: PlaceholderContext) => thingOfSignal(signal, extra));

/** What header mappings, addresses, conditions and extra fields may use (connectivity/service/.../messaging/Resolvers.java). */
export const allPlaceholders: readonly Placeholder[] = [
  headerPlaceholder,
  entityPlaceholder,
  thingPlaceholder,
  thingJsonPlaceholder,
  featurePlaceholder,
  topicPlaceholder,
  resourcePlaceholder,
  timePlaceholder,
  requestPlaceholder,
  connectionPlaceholder,
];
