import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { commandTypes, parseCommand } from '../commands/parseCommand.ts';
import { parseResponse, responseTypes } from '../commands/parseResponse.ts';
import { parsePiggybackRequest } from '../devops/piggybackCommand.ts';
import { readPiggybackedCommand } from '../devops/piggybackedCommand.ts';
import { statusInfoFromJson } from '../devops/statusInfo.ts';
import { isDittoError } from '../errors/dittoError.ts';
import { errorClasses } from '../errors/errorClasses.ts';
import { parseError } from '../errors/errorRegistry.ts';
import { parseConnectionAnnouncement } from '../events/announcements.ts';
import { connectionEventTypes } from '../events/connectionEvents.ts';
import { eventOfJournal } from '../events/journal.ts';
import type { JsonObject } from '../json/jsonValue.ts';

/** Members that some reader looks for, and names that trip careless ones. */
const names = [
  'status',
  'connectionId',
  'connection',
  'selectedFields',
  'timestamp',
  'logEntry',
  'connectionLogs',
  'payload',
  'reason',
  'headers',
  'piggybackCommand',
  'targetActorSelection',
  'revision',
  '_timestamp',
  'href',
  'message',
  'details',
  'children',
  '__proto__',
  'constructor',
];
const members = fc.dictionary(fc.constantFrom(...names), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 6 });
const withType = (types: readonly string[], key = 'type') =>
  fc.tuple(fc.constantFrom(...types, '__proto__'), members).map(([type, rest]) => ({ ...rest, [key]: type }));

function onlyDittoErrors(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    expect(isDittoError(error)).toBe(true);
  }
}

describe('whatever comes in, only Ditto errors come out', () => {
  const cases: readonly (readonly [string, fc.Arbitrary<object>, (json: JsonObject) => unknown])[] = [
    ['commands', withType(commandTypes), parseCommand],
    ['commands inside commands', withType(commandTypes), readPiggybackedCommand],
    ['responses', withType(responseTypes), parseResponse],
    ['stored events', withType(connectionEventTypes), (json) => eventOfJournal(json, 1)],
    ['announcements', withType(['connectivity.announcements:opened']), parseConnectionAnnouncement],
    ['errors', withType(Object.keys(errorClasses), 'error'), parseError],
    ['health', withType(['UP'], 'status'), statusInfoFromJson],
  ];
  test.each(cases)('of %s', (_name, arbitrary, read) => {
    fc.assert(
      fc.property(arbitrary, (json) => onlyDittoErrors(() => read(json as JsonObject))),
      { numRuns: 300 },
    );
  });

  test('of piggyback requests', () => {
    const text = fc.oneof(
      fc.string(),
      withType(['x']).map((json) => JSON.stringify(json)),
    );
    fc.assert(
      fc.property(text, (body) => onlyDittoErrors(() => parsePiggybackRequest({ body, correlationId: 'c' }))),
      { numRuns: 500 },
    );
  });
});
