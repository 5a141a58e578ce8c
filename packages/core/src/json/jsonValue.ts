/** A JSON number whose text a double cannot hold: it is carried as it came and written back unchanged. */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** The nearest double, for comparisons and scripts. */
  valueOf(): number {
    return Number(this.text);
  }

  toString(): string {
    return this.text;
  }

  /** Called by `JSON.stringify`, which has no way to write raw text: `stringifyJson` notices and takes the exact path. */
  toJSON(): number {
    JsonNumber.serialised = true;
    return Number(this.text);
  }

  /** Set when `JSON.stringify` met an instance; read and reset by `stringifyJson` alone (both are synchronous). */
  static serialised = false;
}

export type JsonValue = string | number | boolean | null | JsonNumber | JsonObject | JsonArray;
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}
export type JsonArray = readonly JsonValue[];

/** True for `{…}`, false for arrays, `null` and carried numbers. */
export function isJsonObject(value: unknown): value is JsonObject {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber)
  );
}

export function isJsonArray(value: unknown): value is JsonArray {
  return Array.isArray(value);
}

export function isJsonNumber(value: unknown): value is number | JsonNumber {
  return typeof value === 'number' || value instanceof JsonNumber;
}
