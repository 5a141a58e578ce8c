import type { EntityTag } from '../headers/entityTag.ts';
import { checkPreconditions } from '../headers/preconditions.ts';
import { isEqualJson } from '../json/equalJson.ts';
import { mergePatched, neededPatch } from '../json/mergePatch.ts';
import { valueAt } from '../json/valueAt.ts';
import { headerValue } from '../protocol/dittoHeaders.ts';
import type { Signal } from '../protocol/signal.ts';
import { remember } from '../remember.ts';
import { compileRql } from '../rql/compileRql.ts';
import { parseCondition } from './parseCondition.ts';
import { fullThing } from './retrieveThingFields.ts';
import { alreadyEqual, conditionFailed } from './thingErrors.ts';
import type { ThingState } from './thingState.ts';

const compile = remember((condition: string) => compileRql(parseCondition(condition)));

/**
 * Holds a command's `condition`, `if-match` and `if-none-match` against a thing; who creates one states no condition
 * (things/service/.../strategies/commands/AbstractThingCommandStrategy.java, ThingConditionValidator.java).
 *
 * @param tag of what the command is about
 * @param now ISO instant, for `time:now`
 * @throws DittoError `things:condition.failed`, `rql.expression.invalid`, `things:precondition.failed` 412, `things:precondition.notmodified` 304
 */
export function checkConditions(
  { category, headers }: Signal,
  state: ThingState,
  tag: EntityTag | undefined,
  now: string,
): void {
  const condition = headerValue(headers, 'condition');
  if (condition !== undefined && category !== 'CREATE' && !fulfils(state, condition, now))
    throw conditionFailed();
  if (category !== undefined) checkPreconditions(category, headers, tag, 'thing');
}

/** Whether a thing is as an RQL condition has it. @param now ISO instant @throws DittoError `rql.expression.invalid` */
export const fulfils = (state: ThingState, condition: string, now: string): boolean =>
  compile(condition)({ thing: fullThing(state), context: { now: Date.parse(now) } });

/**
 * The command as its `if-equal` has it: a modify or merge that changes nothing is refused, a merge is cut to what it changes
 * (internal/utils/headers/.../IfEqualPreconditionHeader.java).
 *
 * @throws DittoError `things:precondition.failed` 412
 */
export function withIfEqual(command: Signal, state: ThingState, keys: readonly string[]): Signal {
  const option = headerValue(command.headers, 'if-equal');
  const { category, adaptable } = command;
  const { value } = adaptable;
  const isMerge = category === 'MERGE';
  if (!(isMerge && option === 'skip-minimizing-merge') && option !== 'skip') return command;
  const current = valueAt(state.thing, keys);
  if (value === undefined || current === undefined || !(isMerge || category === 'MODIFY')) return command;
  if (isEqualJson(current, isMerge ? mergePatched(current, value) : value)) throw alreadyEqual();
  if (option === 'skip') return command;
  return { ...command, adaptable: { ...adaptable, value: neededPatch(current, value) ?? value } };
}
