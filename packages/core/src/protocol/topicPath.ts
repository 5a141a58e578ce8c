import type { DittoError } from '../errors/dittoError.ts';
import { makeError } from '../errors/makeError.ts';
import { splitPath } from './pointer.ts';

const GROUPS = ['things', 'policies', 'connections'] as const;
const CHANNELS = ['twin', 'live', 'none'] as const;
const CRITERIA = [
  'commands',
  'events',
  'search',
  'streaming',
  'errors',
  'messages',
  'acks',
  'announcements',
] as const;
const ACTIONS: ReadonlySet<string> = new Set([
  'create',
  'retrieve',
  'modify',
  'merge',
  'delete',
  'migrate',
  'created',
  'modified',
  'merged',
  'migrated',
  'deleted',
  'checkPermissions',
]);
const SUBSCRIPTION_ACTIONS = ['cancel', 'request', 'complete', 'created', 'failed', 'next', 'error'];
const SEARCH_ACTIONS: ReadonlySet<string> = new Set(['subscribe', ...SUBSCRIPTION_ACTIONS]);
const STREAMING_ACTIONS: ReadonlySet<string> = new Set([
  'subscribeForPersistedEvents',
  ...SUBSCRIPTION_ACTIONS,
]);

export type TopicGroup = (typeof GROUPS)[number];
export type TopicChannel = (typeof CHANNELS)[number];
export type TopicCriterion = (typeof CRITERIA)[number];

/** The parsed parts of a topic path, `namespace/name/group[/channel]/criterion[/…]` (protocol/.../TopicPath.java). */
export interface TopicPath {
  readonly namespace: string;
  readonly name: string;
  readonly group: TopicGroup;
  /** `none` for policies and connections. */
  readonly channel: TopicChannel;
  readonly criterion: TopicCriterion;
  /** Action, search action or streaming action. */
  readonly action: string | undefined;
  /** Message subject, acknowledgement label or announcement name. */
  readonly subject: string | undefined;
}

/**
 * Reads a topic path (protocol/.../ImmutableTopicPath.java). Segments after an action are ignored; nothing is decoded.
 *
 * @throws DittoError `protocoladapter:unknown.topicpath`
 */
export function parseTopicPath(topic: string): TopicPath {
  const parts = topic.startsWith('/') ? ['', ...splitPath(topic)] : splitPath(topic);
  const part = (index: number, what: string): string => {
    const found = parts[index];
    if (found === undefined) throw unknownTopicPath(topic, `The topic path has no ${what} part.`);
    return found;
  };
  const namespace = part(0, 'namespace');
  const name = part(1, 'entity name');
  const group = oneOf(GROUPS, part(2, 'group'), topic, 'Group');
  const channel = group === 'things' ? oneOf(CHANNELS, part(3, 'channel'), topic, 'Channel') : 'none';
  const at = group === 'things' ? 4 : 3;
  const criterion = oneOf(CRITERIA, part(at, 'criterion'), topic, 'Criterion');
  switch (criterion) {
    case 'commands':
    case 'events': {
      const action = known(ACTIONS, part(at + 1, 'action'), topic, 'Action');
      return { namespace, name, group, channel, criterion, action, subject: undefined };
    }
    case 'search': {
      const action = known(SEARCH_ACTIONS, part(at + 1, 'search action'), topic, 'Search action');
      return { namespace, name, group, channel, criterion, action, subject: undefined };
    }
    case 'streaming': {
      const action = known(STREAMING_ACTIONS, part(at + 1, 'search action'), topic, 'Streaming action');
      return { namespace, name, group, channel, criterion, action, subject: undefined };
    }
    case 'errors':
      return { namespace, name, group, channel, criterion, action: undefined, subject: undefined };
    case 'messages':
    case 'acks':
    case 'announcements': {
      const subject = parts.slice(at + 1).join('/') || undefined;
      return { namespace, name, group, channel, criterion, action: undefined, subject };
    }
  }
}

/** Writes a topic path; the channel `none` is left out. */
export function formatTopicPath(topic: TopicPath): string {
  const { namespace, name, group, channel, criterion } = topic;
  const prefix =
    channel === 'none'
      ? `${namespace}/${name}/${group}/${criterion}`
      : `${namespace}/${name}/${group}/${channel}/${criterion}`;
  const rest = topic.action ?? topic.subject;
  return rest === undefined ? prefix : `${prefix}/${rest}`;
}

/** `protocoladapter:unknown.topicpath`; the description names the part that is missing or unknown. */
export const unknownTopicPath = (topic: string, description?: string): DittoError =>
  makeError(
    'protocoladapter:unknown.topicpath',
    `The topic path '${topic}' is not supported.`,
    description === undefined ? {} : { description },
  );

function oneOf<T extends string>(words: readonly T[], word: string, topic: string, what: string): T {
  const found = words.find((candidate) => candidate === word);
  if (found === undefined) throw unknownTopicPath(topic, `${what} name <${word}> is unknown.`);
  return found;
}

function known(words: ReadonlySet<string>, word: string, topic: string, what: string): string {
  if (!words.has(word)) throw unknownTopicPath(topic, `${what} name <${word}> is unknown.`);
  return word;
}
