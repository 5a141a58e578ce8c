import {
  type DittoError,
  errorReply,
  isDittoError,
  makeError,
  type Signal,
  type SignalSender,
} from '@hawser/core';

/** Answers a signal with what went wrong with it. */
export function refuse(
  { adaptable: { topic }, headers }: Signal,
  { reply }: SignalSender,
  error: DittoError,
): void {
  reply?.(errorReply(error, { topic, headers }));
}

/** A failure of the store, or of this process, as the sender sees it: it may try again. */
export function failureOf({ entityType, entityId = '' }: Signal, error: unknown): DittoError {
  if (isDittoError(error)) return error;
  return entityType === 'policy'
    ? makeError(
        'policies:policy.unavailable',
        `The Policy with ID '${entityId}' is not available, please try again later.`,
      )
    : makeError(
        'things:thing.unavailable',
        `The Thing with ID '${entityId}' is not available, please try again later.`,
      );
}

export const policyMissing = (thingId: string, policyId: string): DittoError =>
  makeError(
    'things:thing.notcreatable',
    `The Thing with ID '${thingId}' could not be created as the Policy with ID '${policyId}' is not existing.`,
    {
      description:
        'Check if the ID of the Policy you created the Thing with is correct and that the Policy is existing.',
    },
  );

export const policyExisting = (thingId: string, policyId: string): DittoError =>
  makeError(
    'things:thing.notcreatable',
    `The Thing with ID '${thingId}' could not be created because creation of its implicit Policy ID '${policyId}' failed.`,
    {
      description:
        "If you want to use an existing Policy, specify it as 'policyId' in the Thing JSON you create.",
    },
  );

/** things/model/.../PolicyNotAllowedException.java */
export const inlinePolicyNotAllowed = (thingId: string): DittoError =>
  makeError(
    'things:policy.notallowed',
    `The Thing with ID '${thingId}' could not be modified as it contained an inline Policy`,
  );

/** What no service behind these connections does. */
export const unsupported = ({ type }: Signal): DittoError =>
  makeError('signal.unsupported', `The signal <${type}> is not supported.`);
