import {
  type DittoHeaders,
  isAnswer,
  type JsonObject,
  makeError,
  type ReaderView,
  requestedAcks,
  type Signal,
  type SignalSender,
  type SignalSubscription,
  type StreamingType,
  type TwinService,
  thingNotFound,
  type Voyage,
  withHeaders,
  withInternalHeader,
} from '@hawser/core';
import { streamingTypeOf } from '../pipeline/streamingTypes.ts';
import { refuse } from './twinErrors.ts';

interface Group {
  readonly id: string;
  readonly members: readonly SignalSubscription[];
}

/** Who may read a signal. */
export interface Readers {
  readonly granted: readonly string[];
  readonly revoked: readonly string[];
  /** What some of them see of it; undefined when nothing is left. Absent: all of it. */
  readonly view?: ReaderView;
}

/**
 * Signals between the connections of this process. Events, messages and live signals reach every connection that
 * subscribes to them, once a connection; a signal never returns to the connection that it came from. As a twin service of
 * its own it grants everything to everyone, and finds no things.
 */
export class SignalRouter implements TwinService {
  readonly #members = new Map<string, readonly SignalSubscription[]>();
  readonly #labels = new Map<string, { readonly group: string; users: number }>();
  /** Groups by streaming type: what `route` walks. Rebuilt when a subscription comes or goes. */
  #routes: ReadonlyMap<StreamingType, readonly Group[]> = new Map();
  /** `ditto-read-subjects` of a signal that everyone may read: all subjects of all subscribers. */
  #readSubjects = '[]';

  submit(signal: Signal, sender: SignalSender): void {
    if (isAnswer(signal)) return;
    if (streamingTypeOf(signal) === undefined) refuseCommand(signal, sender);
    else this.route(signal, sender.voyage);
  }

  /** @param readers absent: everyone */
  route(signal: Signal, voyage: Voyage | undefined, readers?: Readers): void {
    const type = streamingTypeOf(signal);
    if (type === undefined) return;
    const { headers } = signal;
    const granted: Signal = { ...signal, headers: this.#withReaders(headers, readers) };
    const origin = headers['ditto-origin'];
    const groups = readersAmong(this.#routes.get(type) ?? [], readers);
    for (const { id, members } of groups) {
      if (id !== origin) memberFor(members, signal.entityId)?.onSignal(granted, voyage, readers?.view);
    }
    if (headers['ditto-ackgregator-address'] !== undefined)
      this.#askLabelHolders(granted, groups, voyage, readers?.view);
  }

  subscribe(subscription: SignalSubscription): () => void {
    const { group } = subscription;
    this.#members.set(group, [...(this.#members.get(group) ?? []), subscription]);
    this.#rebuild();
    return () => {
      const rest = (this.#members.get(group) ?? []).filter((member) => member !== subscription);
      if (rest.length === 0) this.#members.delete(group);
      else this.#members.set(group, rest);
      this.#rebuild();
    };
  }

  /** The clients of one connection share its labels. */
  declareAckLabels(group: string, labels: readonly string[]): () => void {
    const distinct = [...new Set(labels)];
    const taken = distinct.find((label) => (this.#labels.get(label)?.group ?? group) !== group);
    if (taken !== undefined) {
      throw makeError('acknowledgement:label.not.unique', 'Acknowledgement labels are not unique.');
    }
    for (const label of distinct) {
      const declared = this.#labels.get(label) ?? { group, users: 0 };
      declared.users++;
      this.#labels.set(label, declared);
    }
    let isDeclared = true;
    return () => {
      if (!isDeclared) return;
      isDeclared = false;
      for (const label of distinct) this.#withdraw(label);
    };
  }

  async retrievePartialThing(thingId: string): Promise<JsonObject> {
    throw thingNotFound(thingId);
  }

  /** Who has declared a requested label is asked too, though it did not subscribe: it acknowledges weakly. */
  #askLabelHolders(
    signal: Signal,
    asked: readonly Group[],
    voyage: Voyage | undefined,
    view: ReaderView | undefined,
  ): void {
    const groups = new Set(asked.map(({ id }) => id));
    for (const label of requestedAcks(signal.headers) ?? []) {
      const holder = this.#labels.get(label)?.group;
      if (holder === undefined || groups.has(holder)) continue;
      groups.add(holder);
      memberFor(this.#members.get(holder) ?? [], signal.entityId)?.onSignal(signal, voyage, view);
    }
  }

  #withReaders(headers: DittoHeaders, readers: Readers | undefined): DittoHeaders {
    if (readers === undefined) return withInternalHeader(headers, 'ditto-read-subjects', this.#readSubjects);
    return withHeaders(headers, {
      'ditto-read-subjects': JSON.stringify(readers.granted),
      'ditto-read-revoked-subjects': JSON.stringify(readers.revoked),
    });
  }

  #withdraw(label: string): void {
    const declared = this.#labels.get(label);
    if (declared === undefined) return;
    declared.users--;
    if (declared.users === 0) this.#labels.delete(label);
  }

  #rebuild(): void {
    const routes = new Map<StreamingType, Group[]>();
    const subjects = new Set<string>();
    for (const [id, members] of this.#members) {
      for (const type of new Set(members.flatMap(({ types }) => types))) {
        const subscribed = members.filter((member) => member.types.includes(type));
        routes.set(type, [...(routes.get(type) ?? []), { id, members: subscribed }]);
      }
      for (const { subjects: own } of members) for (const subject of own) subjects.add(subject);
    }
    this.#routes = routes;
    this.#readSubjects = JSON.stringify([...subjects]);
  }
}

/** No thing exists here. */
function refuseCommand(signal: Signal, sender: SignalSender): void {
  const { kind, entityId, adaptable } = signal;
  if (kind !== 'command' || adaptable.topic.group !== 'things' || entityId === undefined) return;
  refuse(signal, sender, thingNotFound(entityId));
}

function readersAmong(groups: readonly Group[], readers: Readers | undefined): readonly Group[] {
  if (readers === undefined) return groups;
  const granted = new Set(readers.granted);
  return groups.filter(({ members }) => members.some(({ subjects }) => subjects.some((s) => granted.has(s))));
}

/** The same member for the same entity, so that the signals of one thing stay in order. */
function memberFor(
  members: readonly SignalSubscription[],
  entityId: string | undefined,
): SignalSubscription | undefined {
  if (members.length === 1 || entityId === undefined) return members[0];
  let hash = 0;
  for (let i = 0; i < entityId.length; i++) hash = (hash * 31 + entityId.charCodeAt(i)) | 0;
  return members[Math.abs(hash) % members.length];
}
