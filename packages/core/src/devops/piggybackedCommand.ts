import { type Command, isCommandType, parseCommand } from '../commands/parseCommand.ts';
import { responseTypes } from '../commands/parseResponse.ts';
import { piggybackCommandUnknown } from '../errors/devopsErrors.ts';
import { connectionEventTypes } from '../events/connectionEvents.ts';
import { optionalString } from '../json/fields.ts';
import type { JsonObject } from '../json/jsonValue.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import { parseTimeoutMs } from '../protocol/timeout.ts';

/** What a piggyback command carries to its target. */
export type PiggybackedCommand =
  | { readonly kind: 'command'; readonly command: Command }
  /** Stops the target; there is no answer. */
  | { readonly kind: 'poisonPill' }
  /** A signal that Ditto knows and no actor of this service takes: nobody answers. */
  | { readonly kind: 'unanswered'; readonly type: string };

const POISON_PILL = 'poison-pill';
/** Families of signals of other Ditto services. */
const FOREIGN_TYPE =
  /^(?:things|policies|messages|thing-search|acknowledgements?|streaming\.subscription|claims|namespaces)\.(?:sudo\.)?(?:commands|responses|events|announcements|errors):[a-zA-Z]+$/;
const ownSignals = new Set<string>([
  ...responseTypes,
  ...connectionEventTypes,
  'connectivity.announcements:opened',
  'connectivity.announcements:closed',
  'common.commands:purgeEntities',
  'devops.commands:retrieveStatistics',
  'devops.commands:retrieveStatisticsDetails',
]);

/**
 * Reads the inner command of a piggyback command (base/service/.../devops/DevOpsCommandsActor.java). Refusals are
 * answered inside a `devops.responses:errorResponse`.
 *
 * @throws DittoError
 */
export function readPiggybackedCommand(json: JsonObject | null): PiggybackedCommand {
  const type = optionalString(json ?? {}, 'type');
  if (json === null || type === undefined) throw piggybackCommandUnknown(undefined);
  if (type === POISON_PILL) return { kind: 'poisonPill' };
  if (isCommandType(type)) return { kind: 'command', command: parseCommand(json) };
  if (ownSignals.has(type) || FOREIGN_TYPE.test(type)) return { kind: 'unanswered', type };
  throw piggybackCommandUnknown(type);
}

const DEFAULT_TIMEOUT_MS = 10_000;

/** How long a target may take to answer, ms. The headers were checked when they were read. */
export const targetTimeoutMs = (headers: DittoHeaders): number =>
  headers['timeout'] === undefined ? DEFAULT_TIMEOUT_MS : parseTimeoutMs(headers['timeout']);

/** How long answers are collected, ms. */
export const collectorTimeoutMs = (headers: DittoHeaders): number =>
  Math.max(targetTimeoutMs(headers), DEFAULT_TIMEOUT_MS);
