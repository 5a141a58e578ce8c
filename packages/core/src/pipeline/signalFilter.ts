import type { JsonPointer } from '../json/fieldSelector.ts';
import type { JsonObject } from '../json/jsonValue.ts';
import type { Target } from '../model/connection.ts';
import { headerValue } from '../protocol/dittoHeaders.ts';
import type { Signal } from '../protocol/signal.ts';
import type { Enrichment } from './compiledConnection.ts';
import { SignalContext } from './signalContext.ts';
import { selectExtra } from './signalFilterExtraFields.ts';
import { type CompiledTopic, compileTopic, wantedFields } from './signalFilterTopic.ts';
import { SignalView } from './signalFilterView.ts';

export interface SignalFilterEnvironment {
  readonly connectionId: string;
  /** Wall time, ms since 1970. */
  readonly now: () => number;
}

/** Which signals a target gets (spec 08, 7.2 to 7.4). */
export interface TargetFilter {
  /** Steps 1 to 3: an authorized target of such signals, before namespaces and filters are looked at. */
  concerns(view: SignalView): boolean;
  /** Steps 4 and 5, for a signal that concerns it. @throws DittoError `rql.expression.invalid` */
  passes(view: SignalView): boolean;
  /** Steps 1 to 5. @throws DittoError `rql.expression.invalid` */
  selects(view: SignalView): boolean;
  /** Fields of the thing to fetch as the target's subjects before the signal is mapped; none: no enrichment. */
  extraFields(view: SignalView): readonly JsonPointer[];
  /** The first topic whose filter matches the enriched thing decides; undefined: none does, and the signal is dropped. */
  enrich(view: SignalView, fetched: JsonObject): Enrichment | undefined;
  /** Compiles every filter. @throws DittoError `rql.expression.invalid` */
  check(): void;
}

export function compileTargetFilter(target: Pick<Target, 'topics' | 'authorizationContext'>): TargetFilter {
  const topics = target.topics.map(compileTopic).sort(byPrecedence);
  const subjects = target.authorizationContext;
  const ofKind = (view: SignalView): readonly CompiledTopic[] =>
    topics.filter((topic) => topic.name === view.topic && topic.isOfNamespace(view));
  const concerns = (view: SignalView): boolean =>
    isAuthorized(view, subjects) && topics.some((topic) => topic.name === view.topic);
  const passes = (view: SignalView): boolean =>
    topics.some((topic) => topic.name === view.topic && topic.couldMatch(view));
  return {
    concerns,
    passes,
    selects: (view) => concerns(view) && passes(view),
    extraFields: (view) => wantedFields(ofKind(view), view),
    enrich(view, fetched) {
      const decides = ofKind(view).find((topic) => topic.matches(view, fetched));
      if (decides === undefined) return undefined;
      const { extraFields } = decides;
      return {
        extra:
          extraFields === undefined ? undefined : selectExtra(fetched, extraFields.pointers(view.context)),
      };
    },
    check: () => {
      for (const topic of topics) topic.check();
    },
  };
}

/** Topics with extra fields first, then by text. */
function byPrecedence(a: CompiledTopic, b: CompiledTopic): number {
  const withExtra = Number(b.extraFields !== undefined) - Number(a.extraFields !== undefined);
  return withExtra || (a.text < b.text ? -1 : Number(a.text > b.text));
}

/** Announcements are for everybody; else one subject must be granted and none revoked (base/model/.../AuthorizationContext.java). */
function isAuthorized(view: SignalView, subjects: readonly string[]): boolean {
  if (view.context.signal.kind === 'announcement') return true;
  return (
    subjects.some((subject) => view.granted.includes(subject)) &&
    !subjects.some((subject) => view.revoked.includes(subject))
  );
}

/** The view of a signal for every target of a connection. */
export const viewOf = (signal: Signal, environment: SignalFilterEnvironment): SignalView =>
  new SignalView(new SignalContext(signal, environment));

/** Step 0: what came from this connection does not go out through it again, unless it is a response. */
export function isOwn(signal: Signal, connectionId: string): boolean {
  if (signal.kind === 'response' || signal.kind === 'error') return false;
  return headerValue(signal.headers, 'ditto-origin') === connectionId;
}
