import type { DittoError } from '../errors/dittoError.ts';
import { makeError } from '../errors/makeError.ts';

/** placeholders/.../UnresolvedPlaceholderException.java; `text` is the placeholder, the expression or the whole template. */
export const placeholderUnresolved = (text: string): DittoError =>
  makeError('placeholder:unresolved', `The placeholder '${text}' could not be resolved.`);

/** A function that cannot work on the value that it got: not encoded as it should be, or a broken pattern. */
export const functionNotApplicable = (stage: string, reason: string): DittoError =>
  makeError('placeholder:unresolved', `The placeholder '${stage}' could not be resolved.`, {
    description: reason,
  });

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
