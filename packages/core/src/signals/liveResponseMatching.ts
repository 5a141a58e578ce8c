import { headerValue } from '../protocol/dittoHeaders.ts';
import type { Signal } from '../protocol/signal.ts';

/**
 * Why a live response is no answer to a command, in Ditto's words; undefined when it is one
 * (internal/models/signal/.../CommandAndCommandResponseMatchingValidator.java).
 */
export function liveResponseMismatch(command: Signal, response: Signal): string | undefined {
  const [asked, answered] = [command, response].map(({ headers }) => headerValue(headers, 'correlation-id'));
  if (asked !== answered) {
    return `Correlation ID of live response <${answered ?? null}> differs from correlation ID of command <${asked ?? null}>.`;
  }
  if (response.kind === 'response' && !isOfType(command.type, response.type)) {
    return `Type of live response <${response.type}> is not related to type of command <${command.type}>.`;
  }
  if (response.entityId !== command.entityId) {
    return `Entity ID of live response <${response.entityId ?? null}> differs from entity ID of command <${command.entityId ?? null}>.`;
  }
  return undefined;
}

const MESSAGE_SUFFIX = 'ResponseMessage';

function isOfType(commandType: string, responseType: string): boolean {
  const command = partsOf(commandType);
  const response = partsOf(responseType);
  if (command.domain !== response.domain) return false;
  if (response.domain !== 'messages') return command.name === response.name;
  const end = response.name.indexOf(MESSAGE_SUFFIX);
  return end >= 0 && command.name.startsWith(response.name.slice(0, end));
}

/** `things.commands:modifyThing`: domain `things`, name `modifyThing`. */
const partsOf = (type: string) => ({
  domain: type.slice(0, type.indexOf('.')),
  name: type.slice(type.indexOf(':') + 1),
});
