import {
  type AskedCommand,
  absentAt,
  afterStep,
  type CommandAnswer,
  type ConnectionState,
  connectionFailed,
  type Decision,
  type DittoError,
  decide,
  decideRecovered,
  defaultHonoConfig,
  evolve,
  isDittoError,
  isJsonObject,
  type JsonObject,
  parseCommand,
  type RecordedEvent,
  resolveHonoConnection,
  type Step,
  stagedActions,
  validateConnection,
} from '@hawser/core';
import type { Readers } from '../reader.ts';

const NOW = '2024-01-02T03:04:05.678Z';
const rules = {
  validate: validateConnection,
  validateStored: validateConnection,
  resolveHono: (connection: Parameters<typeof resolveHonoConnection>[0]) =>
    resolveHonoConnection(connection, defaultHonoConfig),
};

/** One command to one connection, with clients that answer at once. */
export const scenarioReaders: Readers = {
  'commands:scenario': ({ given, command, expected }) => {
    const run = new Run();
    for (const word of HISTORIES[String(given)] ?? []) run.tell(word);
    run.forget();
    run.tell(String(command));
    return comparable(run, isJsonObject(expected) ? expected : {});
  },
};

const HISTORIES: Readonly<Record<string, readonly string[]>> = {
  absent: [],
  open: ['create(open)'],
  closed: ['create(closed)'],
  deleted: ['create(closed)', 'delete'],
};

/** Words of the cases for commands whose name is another. */
const NAMES: Readonly<Record<string, string>> = {
  create: 'createConnection',
  modify: 'modifyConnection',
  test: 'testConnection',
  open: 'openConnection',
  close: 'closeConnection',
  delete: 'deleteConnection',
  retrieve: 'retrieveConnection',
  status: 'retrieveConnectionStatus',
  metrics: 'retrieveConnectionMetrics',
  logs: 'retrieveConnectionLogs',
  enableLogs: 'enableConnectionLogs',
  resetLogs: 'resetConnectionLogs',
  resetMetrics: 'resetConnectionMetrics',
  resolvedHono: 'retrieveResolvedHonoConnection',
};

function askedFor(name: string, words: readonly string[]): AskedCommand {
  const type =
    name === 'sudoTags'
      ? 'connectivity.sudo.commands:sudoRetrieveConnectionTags'
      : `connectivity.commands:${NAMES[name] ?? name}`;
  const isWhole = name === 'create' || name === 'modify' || name === 'test';
  const json = isWhole ? { type, connection: connectionJson(words) } : { type, connectionId: 'c1' };
  const headers = words.includes('ditto-sudo') ? { 'ditto-sudo': 'true' } : {};
  return { command: parseCommand(json) as AskedCommand['command'], headers };
}

function connectionJson(words: readonly string[]): JsonObject {
  const isOther = words.includes('other type');
  const source = { addresses: ['in'], qos: 1, authorizationContext: ['integration:c1'] };
  return {
    id: 'c1',
    connectionType: isOther ? 'amqp-10' : 'mqtt',
    connectionStatus: words.includes('open') ? 'open' : 'closed',
    uri: isOther ? 'amqp://localhost:5672' : 'tcp://localhost:1883',
    // More sources than a connection may have.
    sources: words.includes('invalid')
      ? [1, 2, 3, 4, 5].map((n) => ({ ...source, addresses: [`${n}`] }))
      : [source],
  };
}

class Run {
  state: ConnectionState = absentAt(0);
  actions: readonly string[] = [];
  answer: CommandAnswer | undefined;
  error: DittoError | undefined;
  event: RecordedEvent | undefined;
  #journal: RecordedEvent[] = [];

  forget(): void {
    this.answer = undefined;
    this.event = undefined;
    this.actions = [];
  }

  tell(text: string): void {
    const [, name = '', list = ''] = /^(\w+)(?:\((.*)\))?$/.exec(text) ?? [];
    const words = list.split(',').map((word) => word.trim());
    const isRestart = name === 'restart';
    if (isRestart) this.#recover();
    const asked = askedFor(isRestart ? 'open' : name, words);
    try {
      this.#follow(
        isRestart ? decideRecovered(this.state) : decide(this.state, asked, rules, NOW),
        asked,
        words.includes('client error'),
      );
    } catch (error) {
      if (!isDittoError(error)) throw error;
      this.error = error;
    }
  }

  #follow(decision: Decision, asked: AskedCommand, isFailing: boolean): void {
    this.actions = stagedActions(decision);
    for (let steps = decision.steps; steps.length > 0; ) {
      const [step, ...remaining] = steps as [Step, ...Step[]];
      steps = remaining;
      this.#perform(step);
      if (!isClientStep(step)) continue;
      const outcome = isFailing ? { error: connectionFailed('c1', 'the client failed') } : { text: '' };
      const after = afterStep(asked, step, remaining, outcome);
      this.error ??= after.failure;
      steps = after.steps;
    }
  }

  #perform(step: Step): void {
    if (step.do === 'persist') {
      this.#journal.push(step.event);
      this.event = step.event;
      this.state = evolve(this.state, step.event);
    } else if (step.do === 'reply') this.answer = step.answer;
    else if (step.do === 'passivate') this.#recover();
  }

  #recover(): void {
    this.state = this.#journal.reduce(evolve, absentAt(0));
  }
}

const isClientStep = (step: Step): boolean =>
  step.do === 'openClients' || step.do === 'closeClients' || step.do === 'testClient';

/** Of the outcome those members that the case compares. */
function comparable({ state, actions, answer, error, event }: Run, expected: JsonObject): JsonObject {
  const { type, status } = answer?.json ?? {};
  const name = String(type).split(':')[1] ?? null;
  const all: JsonObject = {
    ...(error === undefined && answer !== undefined ? { response: { name, status: status ?? null } } : {}),
    ...(error === undefined ? {} : { error: { status: error.status, error: error.code } }),
    actions,
    ...(event === undefined ? {} : { event: event.type.split(':')[1] ?? null }),
    state: state.lifecycle === 'active' ? state.connection.connectionStatus : state.lifecycle,
  };
  const compared = Object.entries(all).filter(
    ([member]) => (member !== 'actions' && member !== 'event') || member in expected,
  );
  return Object.fromEntries(compared);
}
