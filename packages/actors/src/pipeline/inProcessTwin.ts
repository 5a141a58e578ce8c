import {
  type DittoError,
  errorReply,
  isAnswer,
  type JsonObject,
  makeError,
  requestedAcks,
  type Signal,
  type SignalSender,
  type SignalSubscription,
  type StreamingType,
  type TwinService,
  type Voyage,
  withInternalHeader,
} from '@hawser/core';
import { streamingTypeOf } from './streamingTypes.ts';

interface Group {
  readonly id: string;
  readonly members: readonly SignalSubscription[];
}

/**
 * Signals between the connections of this process, in static-grant mode: every subject may read everything, nothing is
 * stored, twin commands find no thing. Events, messages and live signals reach every connection that subscribes to them,
 * once a connection; a signal never returns to the connection that it came from.
 */
export class InProcessTwin implements TwinService {
  readonly #members = new Map<string, readonly SignalSubscription[]>();
  readonly #labels = new Map<string, { readonly group: string; users: number }>();
  /** Groups by streaming type: what `submit` walks. Rebuilt when a subscription comes or goes. */
  #routes: ReadonlyMap<StreamingType, readonly Group[]> = new Map();
  /** `ditto-read-subjects` of every signal: all subjects of all subscribers. */
  #readSubjects = '[]';

  submit(signal: Signal, sender: SignalSender): void {
    const type = isAnswer(signal) ? undefined : streamingTypeOf(signal);
    if (type === undefined) {
      this.#refuse(signal, sender);
      return;
    }
    const { headers } = signal;
    const granted: Signal = {
      ...signal,
      headers: withInternalHeader(headers, 'ditto-read-subjects', this.#readSubjects),
    };
    const origin = headers['ditto-origin'];
    const groups = this.#routes.get(type) ?? [];
    for (const { id, members } of groups) {
      if (id !== origin) memberFor(members, signal.entityId)?.onSignal(granted, sender.voyage);
    }
    if (headers['ditto-ackgregator-address'] !== undefined)
      this.#askLabelHolders(granted, groups, sender.voyage);
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
  #askLabelHolders(signal: Signal, asked: readonly Group[], voyage: Voyage | undefined): void {
    const groups = new Set(asked.map(({ id }) => id));
    for (const label of requestedAcks(signal.headers) ?? []) {
      const holder = this.#labels.get(label)?.group;
      if (holder === undefined || groups.has(holder)) continue;
      groups.add(holder);
      memberFor(this.#members.get(holder) ?? [], signal.entityId)?.onSignal(signal, voyage);
    }
  }

  /** No thing exists here. */
  #refuse({ kind, adaptable: { topic }, headers, entityId }: Signal, { reply }: SignalSender): void {
    if (kind !== 'command' || topic.group !== 'things' || entityId === undefined) return;
    reply?.(errorReply(thingNotFound(entityId), { topic, headers }));
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

const thingNotFound = (thingId: string): DittoError =>
  makeError(
    'things:thing.notfound',
    `The Thing with ID '${thingId}' could not be found or requester had insufficient permissions to access it.`,
  );

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
