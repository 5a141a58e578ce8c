import { connectionUnavailable, connectivityInternalError, makeError, StoreError } from '@hawser/core';
import { AskError } from '../nact/actorRef.ts';

const AMBIGUOUS =
  'The connection failed while it stored the change: it may or may not have been stored. Retrieve the connection before you send the command again.';

/** What an asker is told when its command got no answer (Ditto's supervisor: 503 in all cases that pass by themselves). */
export function answerForFailure(connectionId: string, error: unknown): unknown {
  if (!(error instanceof AskError)) return error;
  const { cause } = error;
  if (error.reason !== 'crashed') return connectionUnavailable(connectionId);
  if (!(cause instanceof StoreError)) return connectivityInternalError();
  if (cause.reason === 'tooLarge')
    return makeError(
      'connectivity:connection.toolarge',
      `The Connection with ID '${connectionId}' is larger than what can be stored.`,
    );
  const unavailable = connectionUnavailable(connectionId);
  if (cause.reason !== 'unavailable') return unavailable;
  return makeError('connectivity:connection.unavailable', unavailable.message, { description: AMBIGUOUS });
}
