import { jsonFormatInvalid } from '../errors/jsonErrors.ts';
import { makeError } from '../errors/makeError.ts';
import { remember } from '../remember.ts';
import { type FilteredTopic, type TopicName, topicNames } from './connection.ts';
import { urlDecode } from './javaUrlDecoder.ts';
import { parseThingFieldSelector } from './thingFieldSelector.ts';

const CONNECTION_ANNOUNCEMENTS: TopicName = '_/_/connections/announcements';
const POLICY_ANNOUNCEMENTS: TopicName = '_/_/policies/announcements';

/**
 * Reads `<topic>[?namespaces=…][&filter=…][&extraFields=…]` (connectivity/model/.../ImmutableFilteredTopic.java).
 * Parameters that the topic does not support are dropped; the filter's syntax is checked with the whole connection.
 *
 * @throws DittoError `connectivity:topic.invalid`, `things:field.selection.invalid`, `json.format.invalid`
 */
export const parseFilteredTopic: (text: string) => FilteredTopic = remember(readFilteredTopic);

function readFilteredTopic(text: string): FilteredTopic {
  const mark = text.indexOf('?');
  const name = mark < 0 ? text : text.slice(0, mark);
  const parameters = parseParameters(mark < 0 ? '' : text.slice(mark + 1));
  const topic = topicNames.find((known) => known === name);
  if (topic === undefined) {
    const description = `'Unknown topic: ${name}' - check if the format is the expected one.`;
    throw makeError('connectivity:topic.invalid', `The topic '${text}' could not be parsed.`, {
      description,
    });
  }
  const extraFields = parameters.get('extraFields') || undefined;
  const selector = extraFields === undefined ? undefined : parseThingFieldSelector(extraFields);
  const hasFilter = topic !== CONNECTION_ANNOUNCEMENTS && topic !== POLICY_ANNOUNCEMENTS;
  return {
    topic,
    namespaces: topic === CONNECTION_ANNOUNCEMENTS ? [] : splitNamespaces(parameters.get('namespaces') ?? ''),
    filter: hasFilter ? parameters.get('filter') : undefined,
    extraFields: hasFilter ? selector : undefined,
  };
}

function parseParameters(query: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const parameter of query.split('&')) {
    const equals = parameter.indexOf('=');
    if (equals < 0) continue;
    const name = urlDecode(parameter.slice(0, equals));
    const value = urlDecode(parameter.slice(equals + 1));
    const earlier = parameters.get(name);
    if (earlier !== undefined)
      throw jsonFormatInvalid(`Duplicate key ${name} (attempted merging values ${earlier} and ${value})`);
    parameters.set(name, value);
  }
  return parameters;
}

/** Java's `split(",")`: empty items at the end are dropped, those before are kept. */
function splitNamespaces(text: string): readonly string[] {
  const namespaces = text.split(',');
  while (namespaces.at(-1) === '') namespaces.pop();
  return namespaces;
}

/** The canonical text: decoded values in fixed order, empty ones left out. */
export function formatFilteredTopic({ topic, namespaces, filter, extraFields }: FilteredTopic): string {
  const parameters = [
    ['namespaces', namespaces.join(',')],
    ['filter', filter],
    ['extraFields', extraFields],
  ].filter(([, value]) => value);
  if (parameters.length === 0) return topic;
  return `${topic}?${parameters.map(([name, value]) => `${name}=${value}`).join('&')}`;
}
