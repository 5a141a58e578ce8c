import type { JsonObject } from '../json/jsonValue.ts';
import type { TopicName } from '../model/connection.ts';
import { thingOfSignal } from '../placeholders/thingOfSignal.ts';
import { headerValue } from '../protocol/dittoHeaders.ts';
import type { Signal } from '../protocol/signal.ts';
import { rememberLast } from '../remember.ts';
import type { RqlSubject } from '../rql/compileLeaf.ts';
import { headerItems, type SignalContext, textItems } from './signalContext.ts';

const NOTHING: JsonObject = Object.freeze({});

/** What the target selection asks of one signal, found out at most once for all targets. */
export class SignalView implements RqlSubject {
  readonly context: SignalContext;
  readonly topic: TopicName | undefined;
  #thing: JsonObject | undefined;
  #granted: readonly string[] | undefined;
  #revoked: readonly string[] | undefined;

  constructor(context: SignalContext) {
    this.context = context;
    this.topic = topicOf(context.signal);
  }

  get namespace(): string | undefined {
    const id = this.context.signal.entityId;
    const colon = id?.indexOf(':') ?? -1;
    return colon < 0 ? undefined : id?.slice(0, colon);
  }

  /** What the signal tells of its thing; nothing for anything but events of things. */
  get thing(): JsonObject {
    this.#thing ??= thingOfSignal(this.context.signal, undefined) ?? NOTHING;
    return this.#thing;
  }

  get granted(): readonly string[] {
    this.#granted ??= readSubjects(headerValue(this.context.headers, 'ditto-read-subjects'));
    return this.#granted;
  }

  get revoked(): readonly string[] {
    this.#revoked ??= headerItems(this.context.headers, 'ditto-read-revoked-subjects');
    return this.#revoked;
  }
}

/** Signal after signal is for the same readers. */
const readSubjects = rememberLast(textItems);

/** The topic that a signal belongs to; most signals have none (connectivity/service/.../SignalFilter.java). */
function topicOf({ kind, type, entityType, entityId, headers }: Signal): TopicName | undefined {
  if (kind === 'announcement') {
    if (entityType === 'policy') return '_/_/policies/announcements';
    return entityType === 'connection' ? '_/_/connections/announcements' : undefined;
  }
  if (entityType !== 'thing' || entityId === undefined) return undefined;
  if (headerValue(headers, 'channel')?.toLowerCase() !== 'live')
    return kind === 'event' ? '_/_/things/twin/events' : undefined;
  if (type.startsWith('messages.')) return '_/_/things/live/messages';
  if (kind === 'event') return '_/_/things/live/events';
  return kind === 'command' || kind === 'response' ? '_/_/things/live/commands' : undefined;
}
