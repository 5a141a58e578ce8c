import { isJsonArray, isJsonObject, JsonNumber, type JsonValue } from './jsonValue.ts';

/**
 * Whether two values are the same as JSON, whatever the order of members (Java's `equals` of json/.../JsonValue.java), where
 * `isSameJson` asks whether they are written alike. A number that no double holds equals one of the same text.
 */
export function isEqualJson(one: JsonValue | undefined, other: JsonValue | undefined): boolean {
  if (one === other) return true;
  if (one instanceof JsonNumber) return other instanceof JsonNumber && one.text === other.text;
  if (isJsonArray(one)) {
    return (
      isJsonArray(other) &&
      one.length === other.length &&
      one.every((item, index) => isEqualJson(item, other[index]))
    );
  }
  if (!isJsonObject(one) || !isJsonObject(other)) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isEqualJson(one[key], other[key]))
  );
}
