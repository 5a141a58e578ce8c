import {
  optionalArray,
  optionalInt,
  optionalObject,
  optionalString,
  requiredString,
} from '../json/fields.ts';
import { stringItems } from '../json/items.ts';
import type { JsonArray, JsonObject } from '../json/jsonValue.ts';
import { rememberJson } from '../json/rememberJson.ts';
import { checkAckLabel } from '../protocol/ackLabel.ts';
import type { FilteredTopic, Target } from './connection.ts';
import { parseFilteredTopic } from './filteredTopic.ts';
import { parseAuthorizationContext, parseHeaderMapping, parsePayloadMapping } from './parseSource.ts';

/** Reads one item of `targets` (connectivity/model/.../ImmutableTarget.java). @throws DittoError */
export const parseTarget = (json: JsonObject): Target => readTarget(json);

const readTarget = rememberJson((json: JsonObject): Target => {
  const topics = parseTopics(optionalArray(json, 'topics'));
  const authorizationContext = parseAuthorizationContext(json);
  const label = optionalString(json, 'issuedAcknowledgementLabel');
  const issuedAcknowledgementLabel = label === undefined ? undefined : checkAckLabel(label);
  const headerMapping = parseHeaderMapping(optionalObject(json, 'headerMapping'));
  const payloadMapping = parsePayloadMapping(optionalArray(json, 'payloadMapping'));
  return {
    address: requiredString(json, 'address'),
    topics,
    qos: optionalInt(json, 'qos'),
    authorizationContext,
    issuedAcknowledgementLabel,
    headerMapping,
    payloadMapping,
  };
});

/** Topics that mean the same, however written, count once. */
const parseTopics = rememberJson((texts: JsonArray | undefined): readonly FilteredTopic[] => {
  const topics = stringItems(texts).map(parseFilteredTopic);
  if (new Set(topics.map(({ topic }) => topic)).size === topics.length) return topics;
  const unique = new Map<string, FilteredTopic>();
  for (const topic of topics) {
    const { topic: name, namespaces, filter = null, extraFields = null } = topic;
    const key = JSON.stringify([name, namespaces, filter, extraFields]);
    if (!unique.has(key)) unique.set(key, topic);
  }
  return [...unique.values()];
});
