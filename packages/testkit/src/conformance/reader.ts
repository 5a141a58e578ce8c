import type { JsonObject, JsonValue } from '@hawser/core';

/**
 * Input of a case to the value that the product answers. Thin: it calls the product's own functions and knows no answer itself.
 * A refusal is a thrown `DittoError`; anything else that it throws has failed the case.
 */
export type Reader = (input: JsonObject) => JsonValue | undefined | Promise<JsonValue | undefined>;

export type Readers = Readonly<Record<string, Reader>>;
