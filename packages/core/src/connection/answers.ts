import {
  idResponse,
  sudoTagsResponse,
  testConnectionConflict,
  testConnectionResponse,
} from '../commands/responses.ts';
import type { JsonObject } from '../json/jsonValue.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import { type AskedCommand, entityIdOf } from './command.ts';
import type { CommandAnswer } from './steps.ts';

/** A response with the headers of its command, and what the answer adds to them. */
export const answerTo = (asked: AskedCommand, json: JsonObject, added: DittoHeaders = {}): CommandAnswer => ({
  json,
  headers: { ...asked.headers, ...added },
});

/** The response that repeats only the id. */
export const acknowledged = (
  asked: AskedCommand,
  name: Parameters<typeof idResponse>[0],
  added?: DittoHeaders,
): CommandAnswer => answerTo(asked, idResponse(name, entityIdOf(asked.command)), added);

/** The answer to a test of a connection that exists. */
export const testRefused = (asked: AskedCommand): CommandAnswer =>
  answerTo(asked, testConnectionConflict(entityIdOf(asked.command)));

export const testSucceeded = (asked: AskedCommand, testResult: string): CommandAnswer =>
  answerTo(asked, testConnectionResponse(entityIdOf(asked.command), testResult));

export const tagsAnswer = (asked: AskedCommand, tags: readonly string[]): CommandAnswer =>
  answerTo(asked, sudoTagsResponse(tags));

export const revisionHeaders = (revision: number): DittoHeaders => ({ 'entity-revision': String(revision) });
