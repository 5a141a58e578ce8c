import { MisconfiguredError, PublishError } from '@hawser/core';

/** What the driver's errors tell beyond their message. */
interface KafkaFailure extends Error {
  /** Kafka's name of the error, of what a broker answered. */
  readonly type?: string;
  readonly retriable?: boolean;
}

/** From the error outwards in: the driver wraps what it has given up on. */
function* chain(error: unknown): Generator<KafkaFailure> {
  let current = error;
  for (let depth = 0; depth < 10 && current instanceof Error; depth++) {
    yield current;
    current = current.cause;
  }
}

/** The innermost error: the wrappers say that there were no retries, which is as it should be. */
export function innermost(error: unknown): KafkaFailure {
  return [...chain(error)].at(-1) ?? new Error(String(error));
}

/** What a broker has answered, as opposed to what became of the network. */
function answerOf(error: unknown): KafkaFailure | undefined {
  return [...chain(error)].find(({ type }) => typeof type === 'string');
}

const rejoinTypes =
  /^(REBALANCE_IN_PROGRESS|NOT_COORDINATOR_FOR_GROUP|ILLEGAL_GENERATION|UNKNOWN_MEMBER_ID)$/;

/** After such an answer the driver joins its group anew, and partitions may be somebody else's. */
export const meansRejoining = (error: unknown): boolean => rejoinTypes.test(answerOf(error)?.type ?? '');

export const isUnknownTopic = (error: unknown): boolean =>
  answerOf(error)?.type === 'UNKNOWN_TOPIC_OR_PARTITION';

const userIndicatedTypes =
  /^(UNKNOWN_TOPIC_OR_PARTITION|INVALID_TOPIC_EXCEPTION|INVALID_GROUP_ID|INCONSISTENT_GROUP_PROTOCOL|SASL_.*|UNSUPPORTED_SASL_MECHANISM|.*_AUTHORIZATION_FAILED)$/;

/** Of a client that cannot open: what the user has to mend is told from what passes. */
export function openFailure(error: unknown): Error {
  const failure = innermost(error);
  const isSasl = failure.name.startsWith('KafkaJSSASL');
  const { type } = answerOf(error) ?? {};
  return isSasl || (type !== undefined && userIndicatedTypes.test(type))
    ? new MisconfiguredError(failure.message, { cause: failure })
    : failure;
}

/** A broker has refused a record: 500 when it might take it another time, else 400. Undefined when none has answered. */
export function refusal(error: unknown): PublishError | undefined {
  const answer = answerOf(error);
  const failure = answer ?? innermost(error);
  // what cannot be written as a request never reaches a broker
  const isUnsendable = /^(Type|Range|Reference)Error$/.test(failure.name);
  if (answer === undefined && !isUnsendable) return undefined;
  return new PublishError(failure.retriable === true ? 500 : 400, `Encountered <${failure.name}>.`, {
    cause: failure,
    description: failure.message === '' ? 'Unknown error.' : failure.message,
  });
}
