import {
  ConnectionFailure,
  type ConnectivityStatus,
  connectionFailed,
  type DittoError,
  errorClasses,
  formatInstant,
  isDittoError,
  MisconfiguredError,
  TunnelError,
} from '@hawser/core';

/** Codes of Node's network and TLS errors that only the user can mend (Ditto's `user-indicated-errors`, in Node's words). */
const userIndicatedCodes =
  /^(ECONNREFUSED|ENOTFOUND|EAI_.*|EHOSTUNREACH|ENETUNREACH|CERT_.*|ERR_TLS_.*|ERR_SSL_.*|ERR_OSSL_.*|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_.*|EPROTO)$/;

/** No socket could be opened; that has its own entry in the connection's log. */
export class UnreachableError extends MisconfiguredError {}

/** One chain of causes, from the error outwards in. */
function* causes(error: unknown): Generator<object> {
  let current = error;
  for (let depth = 0; depth < 10 && typeof current === 'object' && current !== null; depth++) {
    yield current;
    current = 'cause' in current ? current.cause : undefined;
  }
}

/** `misconfigured` for what the user has to mend, `failed` for everything else (spec 04, 2.3). */
export function statusOf(error: unknown): Extract<ConnectivityStatus, 'failed' | 'misconfigured'> {
  for (const cause of causes(error)) {
    if (cause instanceof MisconfiguredError || cause instanceof TunnelError) return 'misconfigured';
    if ('code' in cause && typeof cause.code === 'string' && userIndicatedCodes.test(cause.code)) {
      return 'misconfigured';
    }
  }
  return 'failed';
}

/** `{text} - cause <{name}>: {message}`, for Ditto errors followed by their description; ends with a full stop. */
export function failureText(error: unknown, text?: string): string {
  if (error instanceof ConnectionFailure) return failureText(error.cause, error.message);
  const dittoError = dittoErrorIn(error);
  const shown = dittoError ?? error;
  const name = nameOf(shown);
  const message = messageWithDescription(shown);
  const cause = `<${name}>: ${message}`;
  return withFullStop(text === undefined ? cause : `${text} - cause ${cause}`);
}

export function atInstant(text: string, nowMs: number): string {
  return `${text} At ${formatInstant(nowMs)}`;
}

/** What the asker of an open or test gets: the Ditto error in the chain, else 504 with the given description. */
export function failureReply(connectionId: string, error: unknown, description: string): DittoError {
  return dittoErrorIn(error) ?? connectionFailed(connectionId, description, error);
}

/** Message of the innermost cause, or its name. */
export function innermostMessage(error: unknown): string {
  const innermost = [...causes(error)].at(-1);
  if (innermost === undefined) return 'Unknown cause.';
  const message = 'message' in innermost ? String(innermost.message) : '';
  return `Cause: ${message === '' ? nameOf(innermost) : message}`;
}

function dittoErrorIn(error: unknown): DittoError | undefined {
  return [...causes(error)].find((cause) => isDittoError(cause)) as DittoError | undefined;
}

/** Ditto prints Java's simple class names. */
function nameOf(error: unknown): string {
  if (isDittoError(error)) return `${errorClasses[error.code]?.[0] ?? 'DittoRuntime'}Exception`;
  if (typeof error === 'object' && error !== null && 'name' in error) return String(error.name);
  return 'Error';
}

function messageWithDescription(error: unknown): string {
  if (isDittoError(error)) {
    return error.description === undefined ? error.message : `${error.message} ${error.description}`;
  }
  return typeof error === 'object' && error !== null && 'message' in error
    ? String(error.message)
    : String(error);
}

function withFullStop(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}
