import type { JsonObject, Reply } from '@hawser/core';
import { turns } from '../fakes/virtualClock.ts';
import type { ModelAction, ModelId } from './modelAction.ts';
import { commandJson, eventsOf, expectedStatuses } from './modelCommands.ts';
import { type ModelBreak, ModelGround } from './modelGround.ts';
import { ModelProcess, type StartModelSystem } from './modelProcess.ts';
import { foldJournal, type ModelState, wantsClients } from './modelState.ts';

type Asked = Extract<ModelAction, { do: 'ask' }>;

const REGION = '/system/sharding/connection';
const IDS = '/user/connectivityRoot/connectionIdsRetrieval';
const ASK_TIMEOUT_MS = 60_000;
const MINUTE = 60_000;
/** After this long an actor whose journal could not be read tries again. */
const CORRUPT_RETRY_MS = 10 * MINUTE;
/** Timers that fire within one step do so before anything else happens. */
const LONGEST_STEP_MS = 60 * MINUTE;
export const modelIds: readonly ModelId[] = ['c1', 'c:2'];

/** A rule of the actors that does not hold. */
export class ModelViolation extends Error {
  override readonly name = 'ModelViolation';
}

/** Processes over one disk, one clock and one set of brokers, and what must be true of them at all times. */
export class ModelWorld {
  readonly #start: StartModelSystem;
  readonly #ground: ModelGround;
  /** Number of the command that was answered by it, by pid and sequence number. */
  readonly #claims = new Map<string, number>();
  /** Tokens of commands that were refused for good. */
  readonly #refused = new Set<string>();
  readonly #violations: string[] = [];
  #process: ModelProcess;
  #epoch = 1;
  #asked = 0;
  #open = 0;
  /** Nothing has happened so far that could make a command fail. */
  #isCalm = true;
  #hasDamage = false;

  constructor(start: StartModelSystem, breaks: ModelBreak | undefined) {
    this.#start = start;
    this.#ground = new ModelGround(breaks);
    this.#process = this.#startProcess();
  }

  /** @throws ModelViolation */
  async run(actions: readonly ModelAction[]): Promise<void> {
    try {
      for (const action of actions) {
        await this.#perform(action);
        this.#refuseViolations();
      }
      await this.#comeToRest();
      await this.#checkAtRest('once everything works again');
      this.#crash(false);
      await this.#comeToRest();
      await this.#checkAtRest('after a last crash');
    } finally {
      this.#process.crash(false);
      // what processes that were left behind still do belongs to this story
      await turns(4);
    }
  }

  async #perform(action: ModelAction): Promise<void> {
    const isQuiet = ['passivate', 'advance', 'cleanUp'].includes(action.do) && this.#open === 0;
    if (action.do !== 'ask' && !isQuiet) this.#isCalm = false;
    switch (action.do) {
      case 'ask':
        return await this.#ask(action);
      case 'fault':
        this.#ground.arm(action);
        this.#hasDamage ||= action.fault === 'unreadable';
        return;
      case 'hold':
        return this.#ground.hold();
      case 'release':
        this.#ground.release();
        return await turns(2);
      case 'clients':
        return this.#ground.setClients(action.mode);
      case 'crash':
        return this.#crash(action.lands);
      case 'restart':
        return await this.#restart();
      case 'moveLease':
        return await this.#moveLease(action.how);
      case 'passivate':
        for (let i = 0; i < 3; i++) await this.#pass(46 * MINUTE);
        return;
      case 'purge':
        await this.#send('/system/distributedPubSubMediator', {
          type: 'common.commands:shutdown',
          reason: { type: 'purge-entities', details: [action.id] },
        }).catch(() => undefined);
        return await turns(2);
      case 'cleanUp':
        this.#send(REGION, {
          type: 'cleanup.sudo.commands:cleanupPersistence',
          entityType: 'connection',
          entityId: action.id,
        }).catch(() => undefined);
        return await turns(2);
      case 'advance':
        return await this.#pass(action.ms);
      case 'jumpWall':
        return this.#ground.clock.jumpWall(action.ms);
    }
  }

  async #ask(asked: Asked): Promise<void> {
    const number = ++this.#asked;
    const token = `n${number}`;
    const { command, id } = asked;
    const expected =
      this.#isCalm && this.#open === 0 ? expectedStatuses(command, this.#stateOf(id)) : undefined;
    const headers: Record<string, string> = asked.isSudo ? { 'ditto-sudo': 'true' } : {};
    const process = this.#process;
    this.#open++;
    const answered = process.system.commands
      .ask(REGION, commandJson(command, id, token), headers, ASK_TIMEOUT_MS)
      .then(
        (reply) => this.#checkReply(asked, number, reply, expected),
        (error: unknown) => {
          if (this.#isCalm && number === this.#asked && expected !== undefined)
            this.#violated(`${command} ${id} found nobody to answer: ${String(error)}`);
        },
      )
      .finally(() => {
        this.#open--;
      });
    if (asked.waits) await this.#waitFor(answered);
    else await turns(1);
  }

  /** Waits a while; who is not answered by then is left waiting. */
  async #waitFor(answered: Promise<unknown>): Promise<void> {
    let isDone = false;
    void answered.then(() => {
      isDone = true;
    });
    for (let turn = 0; turn < 200 && !isDone; turn++) await turns(1);
  }

  #checkReply({ command, id }: Asked, number: number, reply: Reply, expected?: readonly number[]): void {
    const status = Number(reply.json['status']);
    const text = `${command} ${id} was answered ${status}`;
    const isAlone = this.#isCalm && number === this.#asked;
    if (isAlone && expected?.includes(status) === false)
      this.#violated(`${text} instead of ${expected.join(' or ')}`);
    const token = `n${number}`;
    const events = eventsOf(command);
    if (events.length === 0) return;
    if (status >= 400 && status < 500) this.#refused.add(token);
    if (status >= 300) return;
    const sn = Number(reply.headers['entity-revision']);
    const entry = this.#ground.entriesOf(id).find((each) => each.sn === sn);
    if (entry === undefined) {
      this.#violated(`${text} for event ${sn}, which the journal lacks`);
      return;
    }
    const claimed = `${id}#${sn}`;
    if (this.#claims.has(claimed)) this.#violated(`${text} for event ${sn}, which answered another command`);
    this.#claims.set(claimed, number);
    const connection = entry.event['connection'] as { name?: string } | undefined;
    if (!events.includes(entry.type) || (connection !== undefined && connection.name !== token))
      this.#violated(`${text} for event ${sn}, which is ${entry.type} of ${connection?.name ?? id}`);
  }

  #crash(lands: boolean): void {
    this.#process.crash(lands);
    // what was under way has landed or is lost before the next process reads
    this.#ground.release();
    this.#process = this.#startProcess();
  }

  async #restart(): Promise<void> {
    this.#ground.release();
    const { system } = this.#process;
    await this.#until(system.stop());
    this.#crash(true);
    await turns(2);
  }

  async #moveLease(how: 'rebalance' | 'lost'): Promise<void> {
    const old = this.#process;
    const given = old.loseLease(how);
    // the margin of a lease lets appends under way end before another owner starts
    this.#ground.release();
    // a rebalance waits for the old owner, a lost lease for nobody
    if (how === 'rebalance') await this.#until(given);
    this.#process = this.#startProcess();
    await turns(2);
    void old.system.stop();
  }

  async #until(done: Promise<unknown>): Promise<void> {
    let isDone = false;
    void done.then(() => {
      isDone = true;
    });
    for (let step = 0; step < 40 && !isDone; step++) {
      await turns(3);
      if (!isDone) this.#ground.clock.advance(5_000);
    }
    if (!isDone) this.#violated('the process did not stop in time');
  }

  async #pass(ms: number): Promise<void> {
    await turns(2);
    for (let left = ms; left > 0; left -= LONGEST_STEP_MS) {
      this.#ground.clock.advance(Math.min(left, LONGEST_STEP_MS));
      await turns(2);
      await this.#emptyMailboxes();
    }
    await turns(2);
  }

  /** A long step of the clock brings more messages than a few turns handle; those behind a write that is held stay. */
  async #emptyMailboxes(): Promise<void> {
    let before = Number.POSITIVE_INFINITY;
    for (let queued = this.#queued; queued > 0 && queued < before; queued = this.#queued) {
      before = queued;
      await turns(20);
    }
  }

  get #queued(): number {
    return this.#process.system.stats().kernel.mailboxes.queued;
  }

  /** Takes all disturbances away and lets time pass until the system has had every chance to recover. */
  async #comeToRest(): Promise<void> {
    this.#ground.disarm();
    this.#ground.release();
    if (this.#hasDamage) await this.#pass(CORRUPT_RETRY_MS);
    this.#hasDamage = false;
    for (let step = 0; step < 60; step++) {
      await this.#pass(step < 20 ? 1_000 : 30_000);
      if (step > 4 && this.#open === 0 && this.#queued === 0 && this.#unserved() === undefined) return;
    }
  }

  async #checkAtRest(when: string): Promise<void> {
    const { late } = this.#process.system.stats().kernel.deadLetters;
    if (this.#isCalm && late > 0) this.#violated(`${late} commands were answered twice ${when}`);
    if (this.#open > 0) this.#violated(`${this.#open} commands have no answer ${when}`);
    const unserved = this.#unserved();
    if (unserved !== undefined) this.#violated(`${unserved} ${when}`);
    for (const id of modelIds) {
      this.#checkJournal(id);
      await this.#checkMemory(id, when);
    }
    await this.#checkIds(when);
    this.#refuseViolations();
  }

  /** Which connection has not the clients that its journal asks for. */
  #unserved(): string | undefined {
    for (const id of modelIds) {
      const state = this.#stateOf(id);
      const wanted = wantsClients(state) && state.lifecycle === 'active' ? state.clients : 0;
      const live = this.#ground.sessions.live(id);
      const connected = live.filter(({ state: client }) => client === 'connected');
      if (live.length !== wanted || connected.length !== wanted)
        return `${id} should have ${wanted} clients and has ${connected.length} connected of ${live.length}`;
    }
    return undefined;
  }

  #checkJournal(id: ModelId): void {
    const entries = this.#ground.entriesOf(id);
    let epoch = 0;
    for (const [index, entry] of entries.entries()) {
      if (entry.sn !== index + 1) this.#violated(`${id}: event ${entry.sn} is number ${index + 1}`);
      if (entry.epoch < epoch) this.#violated(`${id}: epoch ${entry.epoch} follows ${epoch}`);
      epoch = entry.epoch;
      const connection = entry.event['connection'] as { name?: string } | undefined;
      if (connection?.name !== undefined && this.#refused.has(connection.name))
        this.#violated(`${id}: event ${entry.sn} is of a command that was refused`);
    }
  }

  async #checkMemory(id: ModelId, when: string): Promise<void> {
    const command = commandJson('retrieve', id, '');
    const retrieve = () => this.#answer(this.#send(REGION, command, { 'ditto-sudo': 'true' }));
    let state = this.#stateOf(id);
    let reply = await retrieve();
    // a command may still wait in a queue whose asker has gone
    for (let step = 0; step < 10; step++) {
      const isAnswered = reply !== undefined && reply.json['status'] !== 503;
      const isSettled = isAnswered && state.sn === this.#stateOf(id).sn;
      if (isSettled) break;
      await this.#pass(30_000);
      state = this.#stateOf(id);
      reply = await retrieve();
    }
    const { status, connection } = (reply?.json ?? {}) as {
      status?: number;
      connection?: { name: string; connectionStatus: string };
    };
    const seen =
      status === 404
        ? 'absent'
        : `${connection?.name} ${connection?.connectionStatus} at ${reply?.headers['entity-revision']} (${status})`;
    const kept =
      state.lifecycle === 'absent' ? 'absent' : `${state.name} ${state.status} at ${state.sn} (200)`;
    if (seen !== kept) this.#violated(`${id} is ${seen} in memory and ${kept} in the journal ${when}`);
  }

  async #checkIds(when: string): Promise<void> {
    const command = { type: 'connectivity.commands:retrieveAllConnectionIds' };
    const reply = await this.#answer(this.#send(IDS, command));
    const wanted = modelIds.filter((id) => this.#stateOf(id).lifecycle === 'active').sort();
    const found = JSON.stringify(reply?.json['connectionIds']);
    if (found !== JSON.stringify(wanted)) this.#violated(`the ids are ${found}, not ${wanted} ${when}`);
  }

  async #answer(asked: Promise<Reply>): Promise<Reply | undefined> {
    let reply: Reply | undefined;
    await this.#waitFor(
      asked.then(
        (given) => {
          reply = given;
        },
        () => undefined,
      ),
    );
    return reply;
  }

  #send(selection: string, json: JsonObject, headers = {}): Promise<Reply> {
    return this.#process.system.commands.ask(selection, json, headers, ASK_TIMEOUT_MS);
  }

  #startProcess(): ModelProcess {
    return new ModelProcess(this.#start, this.#ground, this.#epoch++);
  }

  #stateOf(id: string): ModelState {
    return foldJournal(this.#ground.entriesOf(id));
  }

  #violated(text: string): void {
    this.#violations.push(text);
  }

  #refuseViolations(): void {
    const [double] = this.#ground.sessions.doubles;
    if (double !== undefined) this.#violated(`two clients ${double} lived at the same time`);
    const [first] = this.#violations;
    if (first !== undefined) throw new ModelViolation(first);
  }
}
