import type { DittoError } from '../errors/dittoError.ts';
import { isDittoError } from '../errors/dittoError.ts';
import { isJsonArray } from '../json/jsonValue.ts';
import { parseJson } from '../json/parseJson.ts';
import { type ResponseType, responseTypes } from '../model/connection.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import { headerValue, withHeaders } from '../protocol/dittoHeaders.ts';
import type { Signal } from '../protocol/signal.ts';
import type { TopicPath } from '../protocol/topicPath.ts';
import { checkPolicyId, checkThingId } from './entityId.ts';
import { errorSignal, UNKNOWN_ID } from './errorResponses.ts';

/* Which answers leave at a reply target or another connection, and how errors are told (spec'd by connectivity/service/.../outbound). */

/** The types of answers that the sender of a signal expects, by its headers; none when they say nothing. */
export function expectedResponseTypes(headers: DittoHeaders): readonly string[] {
  const text = headerValue(headers, 'ditto-expected-response-types');
  if (text === undefined) return [];
  try {
    const types = parseJson(text);
    return isJsonArray(types) ? types.filter((type) => typeof type === 'string') : [];
  } catch {
    return [];
  }
}

export interface ReplyFacts {
  readonly responseType: ResponseType;
  readonly expectedTypes: readonly string[];
  /** Whether the source of the signal has an enabled reply target. */
  readonly hasReplyTarget: boolean;
  /** Of the signal that is answered; mapping errors are told anyway, their callers pass true. */
  readonly responseRequired: boolean;
}

/** Whether an answer leaves at the reply target. */
export const isReplyPublished = (facts: ReplyFacts): boolean =>
  facts.hasReplyTarget && facts.responseRequired && facts.expectedTypes.includes(facts.responseType);

export interface ErrorOrigin {
  /** Of the message that failed, if it could be mapped. */
  readonly topic: TopicPath | undefined;
  /** Ditto headers of the message. */
  readonly headers: DittoHeaders;
  /** External header `device_id`, which names the thing of a message that could not be mapped. */
  readonly deviceId?: string | undefined;
}

/**
 * The answer that tells a sender what went wrong with its message: about the policy or thing that the message names,
 * or about an unknown thing (connectivity/service/.../InboundDispatchingSink.java, ErrorResponse).
 */
export function errorReply(error: DittoError, origin: ErrorOrigin): Signal {
  const { topic, headers, deviceId } = origin;
  const type = error.code.startsWith('policies:') || topic?.group === 'policies' ? 'policy' : 'thing';
  const isValid = type === 'policy' ? checkPolicyId : checkThingId;
  const candidates =
    topic === undefined ? [idOfHeader(headers), deviceId] : [`${topic.namespace}:${topic.name}`];
  const id =
    candidates.find((candidate) => candidate !== undefined && passes(isValid, candidate)) ?? UNKNOWN_ID;
  return errorSignal(
    error,
    { type, id },
    type === 'policy' ? withHeaders(headers, { channel: undefined }) : headers,
  );
}

/** `thing:ns:name` without its first part. */
function idOfHeader(headers: DittoHeaders): string | undefined {
  const text = headerValue(headers, 'ditto-entity-id');
  return text === undefined ? undefined : text.slice(text.indexOf(':') + 1);
}

function passes(check: (id: string) => string, id: string): boolean {
  try {
    check(id);
    return true;
  } catch (error) {
    if (isDittoError(error)) return false;
    throw error;
  }
}

type SpecificConfig = Readonly<Record<string, string>>;

export interface Diversion {
  /** Connection that gets the answer instead. */
  readonly divertedTo: string | undefined;
  /** Whether the answer leaves at the own reply target as well. */
  readonly publishedViaSource: boolean;
}

const DEFAULT_DIVERTED: readonly ResponseType[] = ['response', 'error'];

/** Where an answer goes that a connection got for one of its signals (connectivity/service/.../ResponseDiversionInterceptor.java). */
export function divertResponse(
  connectionId: string,
  specificConfig: SpecificConfig,
  headers: DittoHeaders,
  responseType: ResponseType,
): Diversion {
  const target = headerValue(headers, 'divert-response-to-connection')?.trim();
  const types = divertedTypes(headerValue(headers, 'divert-expected-response-types'));
  // An answer that the diversion's goal itself has caused goes there whatever its type.
  const isOfOrigin = headerValue(headers, 'ditto-origin')?.trim() === target;
  const isExpected = isOfOrigin || types.length === 0 || types.includes(responseType);
  if (target === undefined || target === '' || target === connectionId || !isExpected) {
    return { divertedTo: undefined, publishedViaSource: true };
  }
  const isPreserved = own(specificConfig, 'preserve-normal-response-via-source') === 'true';
  return { divertedTo: target, publishedViaSource: isPreserved };
}

/** Unknown words are left out; when nothing else was given, all types are diverted. */
function divertedTypes(list: string | undefined): readonly string[] {
  if (list === undefined || list.trim() === '') return DEFAULT_DIVERTED;
  return words(list).filter((word) => responseTypes.some((type) => type === word));
}

/** Whether a connection takes an answer that another one diverted to it. */
export function acceptsDivertedResponse(specificConfig: SpecificConfig, headers: DittoHeaders): boolean {
  const from = headerValue(headers, 'diverted-response-from-connection');
  const authorized = words(own(specificConfig, 'authorized-connections-as-sources') ?? '');
  return from !== undefined && authorized.includes(from);
}

const words = (list: string): readonly string[] =>
  list
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

const own = (config: SpecificConfig, key: string): string | undefined =>
  Object.hasOwn(config, key) ? config[key] : undefined;
