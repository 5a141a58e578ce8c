import type { JsonPointer } from '../json/fieldSelector.ts';
import type { JsonObject } from '../json/jsonValue.ts';
import type { FilteredTopic, TopicName } from '../model/connection.ts';
import { formatFilteredTopic } from '../model/filteredTopic.ts';
import { thingOfSignal } from '../placeholders/thingOfSignal.ts';
import { compileRql, compileThreeValued, Trilean } from '../rql/compileRql.ts';
import { parseRql } from '../rql/parseRql.ts';
import { topicFilterPlaceholders } from '../rql/topicFilterPlaceholders.ts';
import { compileExtraFields, type ExtraFields } from './signalFilterExtraFields.ts';
import type { SignalView } from './signalFilterView.ts';

/** A topic of a target, compiled. */
export interface CompiledTopic {
  readonly name: TopicName;
  readonly extraFields: ExtraFields | undefined;
  /** Canonical text; of two topics that match, the one with extra fields and then the lesser text decides. */
  readonly text: string;
  /** Compiles now what is otherwise compiled when it is first asked for. @throws DittoError `rql.expression.invalid` */
  check(): void;
  /** Steps 4 and 5 of the target selection: the namespace, and a filter that could be true. @throws DittoError as `check` */
  couldMatch(view: SignalView): boolean;
  /** The filter on the thing with everything that was fetched. */
  matches(view: SignalView, fetched: JsonObject): boolean;
  isOfNamespace(view: SignalView): boolean;
}

export function compileTopic(topic: FilteredTopic): CompiledTopic {
  const namespaces = new Set(topic.namespaces);
  const extraFields = topic.extraFields === undefined ? undefined : compileExtraFields(topic.extraFields);
  const filter =
    topic.filter === undefined ? undefined : onFirstUse(() => compileFilter(topic.filter ?? '', extraFields));
  const isOfNamespace = ({ namespace }: SignalView): boolean =>
    namespaces.size === 0 || (namespace !== undefined && namespaces.has(namespace));
  return {
    name: topic.topic,
    extraFields,
    text: formatFilteredTopic(topic),
    check: () => void filter?.(),
    isOfNamespace,
    couldMatch: (view) => isOfNamespace(view) && (filter === undefined || filter().couldMatch(view)),
    matches: (view, fetched) => filter === undefined || filter().matches(view, fetched),
  };
}

interface CompiledFilter {
  couldMatch(view: SignalView): boolean;
  matches(view: SignalView, fetched: JsonObject): boolean;
}

function compileFilter(text: string, extraFields: ExtraFields | undefined): CompiledFilter {
  const expression = parseRql(text, { placeholders: topicFilterPlaceholders });
  const exact = compileRql(expression);
  const matches = (view: SignalView, fetched: JsonObject): boolean =>
    exact({ thing: thingOfSignal(view.context.signal, fetched) ?? {}, context: view.context });
  if (extraFields === undefined) return { couldMatch: exact, matches };
  const threeValued = compileThreeValued(expression, (field) => extraFields.covers(field));
  return { couldMatch: (view) => threeValued(view) !== Trilean.no, matches };
}

function onFirstUse<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** The fields that the topics want of a signal's thing, each once. */
export function wantedFields(topics: readonly CompiledTopic[], view: SignalView): readonly JsonPointer[] {
  const unique = new Map<string, JsonPointer>();
  for (const { extraFields } of topics) {
    for (const pointer of extraFields?.pointers(view.context) ?? []) unique.set(pointer.join('/'), pointer);
  }
  return [...unique.values()];
}
