import type { DittoError } from './dittoError.ts';
import { jsonInvalid } from './jsonErrors.ts';
import { makeError } from './makeError.ts';

/* Errors of `/devops` (base/service/.../devops/DevOpsCommandsActor.java, base/api/.../devops/). */

/** A piggyback command of an unknown type; `undefined` when it has none. */
export const piggybackCommandUnknown = (type: string | undefined): DittoError =>
  makeError(
    'json.type.notparsable',
    `ExecutePiggybackCommand with PiggybackCommand <${type ?? 'null'}> cannot be executed by this service as there is no mapping strategy for it!`,
  );

export const logLevelInvalid = (): DittoError => jsonInvalid('Invalid LogLevel!');
