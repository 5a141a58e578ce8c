import type { DittoError } from '../errors/dittoError.ts';
import { makeError } from '../errors/makeError.ts';
import { unspecificError } from '../errors/unspecificFailure.ts';

/** placeholders/.../UnresolvedPlaceholderException.java; `text` is the placeholder, the expression or the whole template. */
export const placeholderUnresolved = (text: string): DittoError =>
  makeError('placeholder:unresolved', `The placeholder '${text}' could not be resolved.`);

/** An argument for which Ditto has no error of its own: a value that is not encoded as it should be, a broken pattern. */
export const illegalArgument = (message: string): DittoError =>
  unspecificError('IllegalArgumentException', message);

/** placeholders/.../PlaceholderFunctionUnknownException.java; `stage` as written, blanks around it removed. */
export const functionUnknown = (stage: string): DittoError =>
  makeError('placeholder:function.unknown', `The function <${stage}> is not known.`);

/** placeholders/.../PlaceholderFunctionSignatureInvalidException.java; parentheses are part of `parameters` and `signature`. */
export const functionSignatureInvalid = (name: string, parameters: string, signature: string): DittoError =>
  makeError(
    'placeholder:function.signature.invalid',
    `The function signature <fn:${name}${parameters}> could not be parsed.`,
    { description: `Ensure to conform to the function's signature: <fn:${name}${signature}>` },
  );

/** placeholders/.../PlaceholderFunctionTooComplexException.java; also for results that outgrow every use. */
export const functionTooComplex = (): DittoError =>
  makeError(
    'placeholder:function.too.complex',
    'The placeholder functions are not accepted as they are too complex.',
  );
