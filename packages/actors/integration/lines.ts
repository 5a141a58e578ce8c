import type { ClientSession, Connection, ProtocolAdapter } from '@hawser/core';
import { fakeCompile, realClock, silentLog } from '@hawser/testkit';
import {
  type ClientSessionsOptions,
  createClientSessions,
  defaultLineConfig,
  type ObservedSessions,
  SignalRouter,
} from '../src/index.ts';

/** A live message that wants no answer. */
export const message = (n: number, size = 0): string =>
  JSON.stringify({
    topic: 'org.acme/pump-1/things/live/messages/alarm',
    headers: { 'response-required': false },
    path: '/inbox/messages/alarm',
    value: `${n} ${'x'.repeat(size)}`.trim(),
  });

/** Sessions of one process, its connections joined by a twin of their own. */
export function startSessions(
  adapters: readonly ProtocolAdapter[],
  parts: Partial<ClientSessionsOptions> = {},
): ObservedSessions {
  let ids = 0;
  return createClientSessions({
    adapters,
    compile: fakeCompile,
    dispatcher: new SignalRouter(),
    clock: realClock,
    log: silentLog,
    config: defaultLineConfig,
    createId: () => `id-${++ids}`,
    ...parts,
  });
}

/** The sessions that one test opens. */
export class OpenSessions {
  readonly #sessions: ClientSession[] = [];

  async open(all: ObservedSessions, connection: Connection): Promise<ClientSession> {
    const session = all.create(connection, 0, () => {});
    this.#sessions.push(session);
    await session.open();
    return session;
  }

  async close(): Promise<void> {
    await Promise.all(this.#sessions.splice(0).map((session) => session.close()));
  }
}

let names = 0;

/** A name that no other test and no earlier run has used. */
export const uniqueName = (): string => `hawser-test-${process.pid}-${Date.now()}-${++names}`;
