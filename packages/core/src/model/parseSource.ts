import { jsonFormatInvalid } from '../errors/jsonErrors.ts';
import {
  optionalArray,
  optionalBoolean,
  optionalInt,
  optionalObject,
  optionalString,
  requiredString,
} from '../json/fields.ts';
import { distinct, mapDefined, onlyStrings, stringItems, stringMembers, textOf } from '../json/items.ts';
import { isJsonObject, type JsonArray, type JsonObject } from '../json/jsonValue.ts';
import { rememberJson } from '../json/rememberJson.ts';
import { checkAckLabel } from '../protocol/ackLabel.ts';
import { parseAcknowledgementRequest } from './acknowledgementRequest.ts';
import {
  type AcknowledgementRequests,
  type Enforcement,
  type ReplyTarget,
  type ResponseType,
  responseTypes,
  type Source,
} from './connection.ts';

const DEFAULT_RESPONSE_TYPES: readonly ResponseType[] = ['response', 'error'];

/** Reads one item of `sources` (connectivity/model/.../ImmutableSource.java). @throws DittoError */
export const parseSource = (json: JsonObject, index: number): Source => readSource(json, index);

const readSource = rememberJson(
  (json: JsonObject, index): Source => ({
    index,
    addresses: distinct(stringItems(optionalArray(json, 'addresses'))),
    consumerCount: optionalInt(json, 'consumerCount') ?? 1,
    qos: optionalInt(json, 'qos'),
    authorizationContext: parseAuthorizationContext(json),
    enforcement: mapDefined(optionalObject(json, 'enforcement'), parseEnforcement),
    acknowledgementRequests: mapDefined(optionalObject(json, 'acknowledgementRequests'), parseRequests),
    headerMapping: parseHeaderMapping(optionalObject(json, 'headerMapping')),
    payloadMapping: parsePayloadMapping(optionalArray(json, 'payloadMapping')),
    replyTargetEnabled: isReplyTargetEnabled(json),
    replyTarget: mapDefined(optionalObject(json, 'replyTarget'), parseReplyTarget),
    declaredAcks: parseDeclaredAcks(optionalArray(json, 'declaredAcks')),
  }),
);

export const parseHeaderMapping = rememberJson(stringMembers);
export const parsePayloadMapping = rememberJson(onlyStrings);

/** @throws DittoError for an empty subject */
export const parseAuthorizationContext = (json: JsonObject): readonly string[] =>
  parseSubjects(optionalArray(json, 'authorizationContext'));

const parseSubjects = rememberJson((array: JsonArray | undefined): readonly string[] => {
  const subjects = onlyStrings(array);
  if (subjects.includes(''))
    throw jsonFormatInvalid('The identifier of the new authorization subject must not be empty!');
  return subjects;
});

const parseEnforcement = rememberJson((json: JsonObject): Enforcement => {
  const filters = distinct(stringItems(optionalArray(json, 'filters')));
  return { input: requiredString(json, 'input'), filters };
});

/** base/model/.../acks/ImmutableFilteredAcknowledgementRequest.java */
const parseRequests = rememberJson((json: JsonObject): AcknowledgementRequests => {
  const includes = onlyStrings(optionalArray(json, 'includes')).map(parseAcknowledgementRequest);
  return { includes: distinct(includes), filter: optionalString(json, 'filter') };
});

/** `replyTarget/enabled` is a pointer: it is looked up before `replyTarget` itself is checked to be an object. */
function isReplyTargetEnabled(json: JsonObject): boolean {
  const inner = json['replyTarget'];
  return isJsonObject(inner) ? (optionalBoolean(inner, 'enabled', '/replyTarget/enabled') ?? true) : true;
}

/** Without an address there is no reply target (connectivity/model/.../ImmutableReplyTarget.java). */
function parseReplyTarget(json: JsonObject): ReplyTarget | undefined {
  const address = optionalString(json, 'address');
  if (address === undefined) return undefined;
  const headerMapping = parseHeaderMapping(optionalObject(json, 'headerMapping'));
  const types = optionalArray(json, 'expectedResponseTypes');
  return {
    address,
    headerMapping,
    expectedResponseTypes: types === undefined ? DEFAULT_RESPONSE_TYPES : knownResponseTypes(types),
  };
}

const knownResponseTypes = rememberJson((types: JsonArray): readonly ResponseType[] =>
  distinct(
    stringItems(types).flatMap((name) => responseTypes.find((type) => type === name.toLowerCase()) ?? []),
  ),
);

const parseDeclaredAcks = rememberJson((labels: JsonArray | undefined): readonly string[] =>
  distinct((labels ?? []).map((label) => checkAckLabel(textOf(label)))),
);
