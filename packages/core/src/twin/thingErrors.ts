import type { DittoError } from '../errors/dittoError.ts';
import { makeError } from '../errors/makeError.ts';

/* What a command about a thing may be refused with (things/model/.../signals/commands/exceptions/*.java). */

export const thingNotFound = (thingId: string): DittoError =>
  makeError(
    'things:thing.notfound',
    `The Thing with ID '${thingId}' could not be found or requester had insufficient permissions to access it.`,
  );

export const thingConflict = (thingId: string): DittoError =>
  makeError('things:thing.conflict', `The Thing with ID '${thingId}' already exists`);

export const conditionFailed = (): DittoError =>
  makeError(
    'things:condition.failed',
    'The specified condition does not match the state of the requested Thing.',
  );

/** A change that would change nothing (internal/utils/headers/.../IfEqualPreconditionHeader.java). */
export const alreadyEqual = (): DittoError =>
  makeError(
    'things:precondition.failed',
    "The previous value was equal to the new value and the 'if-equal' header was set to 'skip'.",
    { description: 'Your changes were not applied, which is probably the expected outcome.' },
  );
