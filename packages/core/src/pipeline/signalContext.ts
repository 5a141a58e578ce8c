import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import { parseJson } from '../json/parseJson.ts';
import type { PlaceholderContext } from '../placeholders/placeholder.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import { headerValue } from '../protocol/dittoHeaders.ts';
import type { Signal } from '../protocol/signal.ts';

/** What templates and filters see of an outbound signal (connectivity/service/.../messaging/Resolvers.java, `forSignal`). */
export class SignalContext implements PlaceholderContext {
  readonly signal: Signal;
  readonly extra: JsonObject | undefined;
  readonly connectionId: string | undefined;
  readonly #clock: () => number;
  #now: number | undefined;
  #authSubjects: readonly string[] | undefined;

  constructor(
    signal: Signal,
    environment: { readonly connectionId?: string; readonly now: () => number },
    extra?: JsonObject,
  ) {
    this.signal = signal;
    this.extra = extra;
    this.connectionId = environment.connectionId;
    this.#clock = environment.now;
  }

  get headers(): DittoHeaders {
    return this.signal.headers;
  }

  /** The same instant for every use of one message. */
  get now(): number {
    this.#now ??= this.#clock();
    return this.#now;
  }

  get authSubjects(): readonly string[] {
    this.#authSubjects ??= authSubjectsOf(this.signal.headers);
    return this.#authSubjects;
  }
}

/** The subjects that a signal comes from, by its headers; none when they do not say. */
export function authSubjectsOf(headers: DittoHeaders): readonly string[] {
  const context = jsonOf(headerValue(headers, 'ditto-auth-context'));
  return isJsonObject(context) ? strings(context['subjects']) : [];
}

/** The strings of a header that is a JSON array; none for anything else. */
export const headerItems = (headers: DittoHeaders, name: string): readonly string[] =>
  textItems(headerValue(headers, name));

/** The strings of a text that is a JSON array; none for anything else. */
export const textItems = (text: string | undefined): readonly string[] => strings(jsonOf(text));

const strings = (value: JsonValue | undefined): readonly string[] =>
  isJsonArray(value) ? value.filter((item) => typeof item === 'string') : [];

function jsonOf(text: string | undefined): JsonValue | undefined {
  if (text === undefined) return undefined;
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
