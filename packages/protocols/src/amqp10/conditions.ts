/** What a peer gives as a reason (AMQP 1.0 §2.8.14). */
export interface Condition {
  readonly condition?: unknown;
  readonly description?: unknown;
}

const longestText = 500;

/** Simple names of the exceptions that Qpid JMS throws for conditions (AmqpSupport). */
const exceptionNames: Readonly<Record<string, string>> = {
  'amqp:unauthorized-access': 'JMSSecurityException',
  'amqp:not-found': 'InvalidDestinationException',
  'amqp:resource-deleted': 'InvalidDestinationException',
  'amqp:resource-limit-exceeded': 'ResourceAllocationException',
  'amqp:transaction:rollback': 'TransactionRolledBackException',
};

/** A peer closed something, or refused to open it. */
export class AmqpConditionError extends Error {
  readonly condition: string | undefined;

  /** @param otherwise the text when the peer gives no reason */
  constructor(reason: Condition | undefined, otherwise: string) {
    const condition = textOf(reason?.condition);
    super(messageOf(condition, textOf(reason?.description)) ?? otherwise);
    this.condition = condition;
    this.name = exceptionNames[condition ?? ''] ?? 'JMSException';
  }

  get isSecurityFailure(): boolean {
    return this.condition === 'amqp:unauthorized-access';
  }
}

/** What the peer said no to needs the user; everything else may pass. */
export const linkStatus = (reason: Error): 'misconfigured' | 'failed' =>
  reason instanceof AmqpConditionError && usersFaults.has(reason.condition ?? '')
    ? 'misconfigured'
    : 'failed';

const usersFaults: ReadonlySet<string> = new Set([
  'amqp:not-found',
  'amqp:unauthorized-access',
  'amqp:not-allowed',
  'amqp:invalid-field',
  'amqp:precondition-failed',
  'amqp:resource-deleted',
  'amqp:not-implemented',
]);

/** A peer did not answer in time. */
export class AmqpTimeoutError extends Error {
  override readonly name = 'JmsOperationTimedOutException';
}

function messageOf(condition: string | undefined, description: string | undefined): string | undefined {
  if (condition === undefined) return description;
  return description === undefined
    ? `Unknown error from remote peer [condition = ${condition}]`
    : `${description} [condition = ${condition}]`;
}

/** A reason comes from the peer: it may be anything, circular things included. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, longestText) : undefined;
}
