import type { DittoError } from '../errors/dittoError.ts';
import { makeError } from '../errors/makeError.ts';

/** base/model/.../exceptions/InvalidRqlExpressionException.java */
export const rqlInvalid = (message: string): DittoError => makeError('rql.expression.invalid', message);

/** json/.../JsonPointerInvalidException.java; `pointer` as Ditto prints it, with its leading slash. */
export const jsonPointerConsecutiveSlashes = (pointer: string): DittoError =>
  makeError('json.pointer.invalid', `The JSON pointer <${pointer}> is invalid!`);
