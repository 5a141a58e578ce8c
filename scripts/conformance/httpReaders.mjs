// Readers of `commands/http` and `commands/requests`: each case meets a service of its own on an empty store.
import { isJsonArray, isJsonObject } from '@hawser/core';
import { bodyOf, membersOf, send, withService } from './throwawayService.mjs';

const CREDENTIALS = 'devops:foobar';
/** 408: what was published has no answer. */
const ACCEPTED = new Set([200, 202, 408]);
/** The migration of secrets is there only where they are encrypted. */
const ENCRYPTED = {
  CONNECTIVITY_CONNECTION_ENCRYPTION_ENABLED: 'true',
  CONNECTIVITY_CONNECTION_ENCRYPTION_KEY: Buffer.alloc(32, 1).toString('base64url'),
};

export const httpReaders = {
  'commands:http-case': ({ given, request, expected }) =>
    withService(String(membersOf(given).instance ?? '1'), async (url) => {
      for (const id of membersOf(given).connections ?? []) await createConnection(url, id);
      return shownMembers(await send(url, request), membersOf(expected));
    }),

  // a request form of Ditto's documentation: it must be understood, and somebody must be at its target
  'commands:http-request': (request) =>
    withService(
      '1',
      async (url) => {
        const answer = await send(url, { auth: CREDENTIALS, ...request });
        const body = bodyOf(answer) ?? null;
        return ACCEPTED.has(answer.status) && !isRefused(body) ? 'accepted' : { status: answer.status, body };
      },
      ENCRYPTED,
    ),
};

/** What a case says of an answer, in the form of the case. */
function shownMembers(answer, expected) {
  const names = Object.keys(membersOf(expected.headers));
  const body = 'body' in expected ? bodyOf(answer) : undefined;
  return {
    status: answer.status,
    ...(names.length === 0
      ? {}
      : {
          headers: Object.fromEntries(
            names.map((name) => [name, answer.headers[name.toLowerCase()] ?? null]),
          ),
        }),
    ...(body === undefined ? {} : { body }),
  };
}

/** Whether it is said anywhere that the command cannot be read, or that nobody is at its target; else its target has answered. */
function isRefused(body) {
  if (isJsonArray(body)) return body.some(isRefused);
  if (!isJsonObject(body)) return false;
  if (body.type !== 'devops.responses:errorResponse') return Object.values(body).some(isRefused);
  const { status, message } = membersOf(body.payload);
  return status < 500 || message?.startsWith('Nobody answers');
}

async function createConnection(url, id) {
  const connection = {
    id,
    connectionType: 'http-push',
    connectionStatus: 'closed',
    uri: 'http://localhost:8081',
    targets: [
      { address: 'POST:/x', topics: ['_/_/things/twin/events'], authorizationContext: ['nginx:ditto'] },
    ],
  };
  const { status, text } = await send(url, {
    method: 'POST',
    path: '/devops/piggyback/connectivity',
    auth: CREDENTIALS,
    body: {
      targetActorSelection: '/system/sharding/connection',
      headers: { aggregate: false },
      piggybackCommand: { type: 'connectivity.commands:createConnection', connection },
    },
  });
  if (status !== 200 || !text.includes('"status":201')) throw new Error(`${id} cannot be created: ${text}`);
}
