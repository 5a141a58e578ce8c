import { connectionIdEnforcementFailed } from '../errors/connectivityErrors.ts';
import { type DittoError, isDittoError } from '../errors/dittoError.ts';
import type { ConnectionType, Enforcement } from '../model/connection.ts';
import { alone, type Placeholder, type PlaceholderContext } from '../placeholders/placeholder.ts';
import {
  entityPlaceholder,
  exactHeaderPlaceholder,
  policyPlaceholder,
  sourcePlaceholder,
  thingPlaceholder,
} from '../placeholders/placeholders.ts';
import { type CompiledTemplate, compileTemplate } from '../placeholders/template.ts';
import type { Signal } from '../protocol/signal.ts';

/** The enforcement of a source: a message may only concern the entity that its sender may speak for (spec 08, 2). */
export interface CompiledEnforcement {
  /**
   * What the sender claims to be, from the headers or the address of the message; resolved before the payload is mapped.
   *
   * @throws DittoError `placeholder:unresolved`
   */
  input(context: PlaceholderContext): string;
  /** @throws DittoError `connectivity:connection.id.enforcement.failed` or `placeholder:unresolved` */
  check(signal: Signal, input: string): void;
}

/** Each filter is resolved with one of these at a time (connectivity/service/.../SignalEnforcementFilter.java). */
const FILTER_PLACEHOLDERS = [thingPlaceholder, policyPlaceholder, entityPlaceholder];

const SOURCE_ADDRESS = '{{ source:address }}';

/** What the input of an enforcement is resolved with: the address of the message for MQTT, else (or in MQTT 5) its headers. */
export function enforcementInputPlaceholder(connectionType: ConnectionType, input: string): Placeholder {
  if (connectionType === 'mqtt') return sourcePlaceholder;
  return connectionType === 'mqtt-5' && input.includes(SOURCE_ADDRESS)
    ? sourcePlaceholder
    : exactHeaderPlaceholder;
}

/** Compiles the enforcement of a source. */
export function compileEnforcement(
  enforcement: Enforcement,
  inputPlaceholder: Placeholder,
): CompiledEnforcement {
  const input = compileTemplate(enforcement.input, alone(inputPlaceholder));
  const attempts = FILTER_PLACEHOLDERS.flatMap((placeholder) =>
    enforcement.filters.map((filter) => compileTemplate(filter, alone(placeholder))),
  );
  return {
    input: (context) => input.require(context),
    check: (signal, value) => check(attempts, signal, value),
  };
}

function check(attempts: readonly CompiledTemplate[], signal: Signal, input: string): void {
  if (signal.entityId === undefined) throw connectionIdEnforcementFailed(input);
  const context = { signal };
  const unresolved: DittoError[] = [];
  for (const attempt of attempts) {
    try {
      if (attempt.requireAll(context).includes(input)) return;
    } catch (error) {
      if (!isDittoError(error, 'placeholder:unresolved')) throw error;
      unresolved.push(error);
    }
  }
  const [first] = unresolved;
  // Ditto compares with the number of placeholders, not of attempts: with several filters it reports a mismatch instead
  if (first !== undefined && unresolved.length === FILTER_PLACEHOLDERS.length) throw first;
  throw connectionIdEnforcementFailed(input);
}
