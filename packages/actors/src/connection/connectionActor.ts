import {
  type AskedCommand,
  absentAt,
  afterStep,
  aggregateStatus,
  asConnectionError,
  type ClientSessions,
  type Clock,
  type CommandAnswer,
  type Connection,
  type ConnectionEvent,
  type ConnectionState,
  connectionFailed,
  type DecideRules,
  decide,
  decideRecovered,
  type EntityCommand,
  evolve,
  failedOperation,
  formatInstant,
  type HistoricalPoint,
  historicalPoint,
  isDesiredOpen,
  type Log,
  type RecordedEvent,
  repeatableBy,
  type Step,
  type StepOutcome,
  type Store,
  tagsOf,
  usagePriority,
} from '@hawser/core';
import type { ActorsConfig } from '../config.ts';
import type { EventSourced, EventSourcedContext } from '../nact/behavior.ts';
import { Clients } from './clients.ts';
import { ConnectionLogging } from './connectionLogging.ts';
import { readPast } from './history.ts';
import type { ConnectionMessage, Plan } from './messages.ts';
import { RecordingCodec } from './recordingCodec.ts';
import { RepeatedCommands, repeatKey } from './repeatedCommands.ts';
import { retrieveFromClients } from './retrieve.ts';
import { Snapshots } from './snapshots.ts';

/** What the service makes of connections beyond their own rules. */
export interface ConnectionRules {
  /** Finds out what validation has to know, e.g. addresses of hosts. Absent or undefined: nothing; `facts` is then undefined. */
  findFacts?(connection: Connection): Promise<unknown> | undefined;
  /** @throws DittoError */
  validate(connection: Connection, facts: unknown): void;
  /** What is checked again before a stored connection is opened. @throws DittoError */
  validateStored(connection: Connection, facts: unknown): void;
  /** @throws DittoError */
  resolveHono(connection: Connection): Connection;
}

/** What all connections of a process share: one object, however many they are. */
export interface ConnectionSurroundings {
  readonly store: Store;
  readonly sessions: ClientSessions;
  readonly rules: ConnectionRules;
  readonly clock: Clock;
  readonly log: Log;
  /** In [0, 1). */
  readonly random: () => number;
  readonly config: ActorsConfig;
  /** Of this process; printed in status answers. */
  readonly instance: string;
  /** Resolves when clients may be opened after a start; not asked for commands. */
  openTurn(): Promise<void>;
  /** `connectionCreated` and `connectionDeleted`, once stored. */
  publish(event: ConnectionEvent): void;
}

/** Who looks after one actor. */
export interface ConnectionWatcher {
  /** Called after recovery. */
  recovered(): void;
  /** Called when what recovery began has been begun: if the connection is to be open, its clients take signals from now on. */
  reopened(): void;
  /** Called when recovery or a message has failed and the actor starts anew. */
  failed(): void;
  /** The connection was created or deleted. */
  lifecycleChanged(): void;
  /** The connection under test has been answered. */
  passivate(): void;
}

export interface ConnectionActorParts {
  readonly connectionId: string;
  readonly pid: string;
  readonly around: ConnectionSurroundings;
  readonly watcher: ConnectionWatcher;
}

const SELF_CHECK_AFTER_MS = 10_000;

type Context = EventSourcedContext<ConnectionMessage, RecordedEvent>;

/**
 * The shell of one connection: it carries out the steps that `decide` lists, keeps askers while clients work, and
 * waits for nothing but the journal (connectivity/service/.../persistence/ConnectionPersistenceActor.java).
 */
export class ConnectionActor implements EventSourced<ConnectionState, ConnectionMessage, RecordedEvent> {
  readonly codec: RecordingCodec;
  readonly clients: Clients;
  readonly snapshots: Snapshots;
  /** The newest state, for whoever looks on from outside. */
  state: ConnectionState = absentAt(0);
  readonly #parts: ConnectionActorParts;
  readonly #around: ConnectionSurroundings;
  readonly #logging: ConnectionLogging;
  /** Made when the first command asks for it. */
  #repeatedCommands: RepeatedCommands | undefined;
  /** Sends to this actor; set by whoever spawns it. */
  tellSelf: (message: ConnectionMessage) => void = () => undefined;
  /** Counts recoveries: what was begun before the last one has no meaning any more. */
  #life = 0;
  /** Monotonic. */
  #recoveredAt = 0;
  /** Steps under way that wait for clients. */
  #effects = 0;
  #hasStoppedClients = false;
  #priority: number | undefined;
  #stopPriority: (() => void) | undefined;

  constructor(parts: ConnectionActorParts) {
    this.#parts = parts;
    const { connectionId, pid, around } = parts;
    this.#around = around;
    this.clients = new Clients(connectionId, around);
    this.#logging = new ConnectionLogging(around, this.clients);
    this.snapshots = new Snapshots(pid, around);
    this.codec = new RecordingCodec(around.config, this.snapshots);
  }

  initial(revision: number): ConnectionState {
    return absentAt(revision);
  }

  onEvent(state: ConnectionState, event: RecordedEvent): ConnectionState {
    return evolve(state, event);
  }

  onMessage(
    state: ConnectionState,
    message: ConnectionMessage,
    context: Context,
  ): ConnectionState | Promise<ConnectionState> {
    switch (message.do) {
      case 'command':
        return this.#command(state, message, context);
      case 'prepared':
        return message.life === this.#life
          ? this.#decide(state, message.plan, message.facts, context)
          : state;
      case 'stepEnded':
        return message.life === this.#life ? this.#goOn(state, message, context) : state;
      case 'reopen': {
        const isWanted = message.life === this.#life && isDesiredOpen(state) && !this.clients.isStarted;
        const next = isWanted
          ? this.#run(state, this.#ownPlan(), decideRecovered(state).steps, context)
          : state;
        this.#parts.watcher.reopened();
        return next;
      }
      case 'ping':
        this.#checkItself(state);
        if (message.isTagged || !isDesiredOpen(state)) return state;
        return this.#persistEmpty(state, 'alwaysAlive', context);
      case 'updatePriority':
        if (state.lifecycle !== 'active' || message.priority === (this.#priority ?? 0)) return state;
        this.#priority = message.priority;
        return this.#persistEmpty(state, 'priorityUpdate', context);
    }
  }

  /** Counts how the connection is, time after time; just after a recovery that would say nothing. */
  #checkItself(state: ConnectionState): void {
    const { clock } = this.#around;
    if (!isDesiredOpen(state) || clock.monotonic() - this.#recoveredAt < SELF_CHECK_AFTER_MS) return;
    this.clients.monitor.statusReported(String(aggregateStatus('open', this.clients.rows())['liveStatus']));
  }

  onRecovered(state: ConnectionState): void {
    this.state = state;
    this.#recoveredAt = this.#around.clock.monotonic();
    const life = this.#life;
    if (isDesiredOpen(state)) void this.#around.openTurn().then(() => this.tellSelf({ do: 'reopen', life }));
    else this.#parts.watcher.reopened();
    this.#parts.watcher.recovered();
  }

  onReset(): void {
    this.#life++;
    this.#effects = 0;
    this.#repeatedCommands?.reset();
    this.#priority = undefined;
    this.#endEffects();
    this.#parts.watcher.failed();
  }

  /** Ends the clients without farewell: the shard belongs to another process. */
  abort(): void {
    this.#life++;
    this.clients.seal();
  }

  async onStop(): Promise<void> {
    this.#life++;
    try {
      await this.clients.close();
    } finally {
      this.#endEffects();
      this.clients.seal();
      await this.snapshots.takeIfChanged();
    }
  }

  #endEffects(): void {
    this.clients.stop();
    this.#logging.disable();
    this.snapshots.stop();
    this.#endPriorityUpdates();
  }

  #command(state: ConnectionState, plan: Plan, context: Context): ConnectionState | Promise<ConnectionState> {
    const { command, headers } = plan.asked;
    if (command.type === 'connectivity.commands:retrieveConnection') {
      const point = this.#answering(plan, () => historicalPoint(headers));
      if (point !== undefined) return this.#retrievePast(state, plan, point);
    }
    const id = repeatableBy(plan.asked, this.#around.config.idempotentCommands);
    return id === undefined ? this.#begin(state, plan, context) : this.#beginOnce(state, plan, id, context);
  }

  /** Begins a command unless it was sent before. */
  #beginOnce(
    state: ConnectionState,
    plan: Plan,
    correlationId: string,
    context: Context,
  ): ConnectionState | Promise<ConnectionState> {
    this.#repeatedCommands ??= new RepeatedCommands(this.#parts.pid, this.#around);
    const repeated = this.#repeatedCommands;
    const key = repeatKey(plan.asked, correlationId);
    if (repeated.join(key, plan)) return state;
    return repeated.findInJournal(plan.asked, correlationId, state.revision).then((answer) => {
      if (answer === undefined) return this.#begin(state, repeated.begin(key, plan), context);
      repeated.found(key, answer);
      plan.replyTo?.ok(answer);
      return state;
    });
  }

  #begin(state: ConnectionState, plan: Plan, context: Context): ConnectionState | Promise<ConnectionState> {
    const validated = validatedBy(plan.asked.command, state);
    const facts = validated && this.#around.rules.findFacts?.(validated);
    return facts === undefined
      ? this.#decide(state, plan, undefined, context)
      : this.#prepare(state, plan, facts);
  }

  /** Finding facts may take a look-up in a network: it was begun, and the command goes on as a message. */
  #prepare(state: ConnectionState, plan: Plan, facts: Promise<unknown>): ConnectionState {
    const life = this.#life;
    facts.then(
      (found) => this.tellSelf({ do: 'prepared', plan, facts: found, life }),
      (error) => plan.replyTo?.fail(asConnectionError(this.#parts.connectionId, error)),
    );
    return state;
  }

  #decide(
    state: ConnectionState,
    plan: Plan,
    facts: unknown,
    context: Context,
  ): ConnectionState | Promise<ConnectionState> {
    const decision = this.#answering(plan, () =>
      decide(state, plan.asked, this.#rulesFor(plan.asked.command, facts), this.#now()),
    );
    return decision === undefined ? state : this.#run(state, plan, decision.steps, context);
  }

  /** What a function gives; what it throws is the answer. */
  #answering<T>(plan: Plan, give: () => T): T | undefined {
    try {
      return give();
    } catch (error) {
      plan.replyTo?.fail(asConnectionError(this.#parts.connectionId, error));
      return undefined;
    }
  }

  #rulesFor(command: EntityCommand, facts: unknown): DecideRules {
    const { rules } = this.#around;
    return {
      validate: (connection) => this.#validated(command, () => rules.validate(connection, facts)),
      validateStored: (connection) => this.#validated(command, () => rules.validateStored(connection, facts)),
      resolveHono: (connection) => rules.resolveHono(connection),
    };
  }

  /** Carries out steps until one must wait for clients; its end comes back as a message with what remains. */
  #run(
    state: ConnectionState,
    plan: Plan,
    steps: readonly Step[],
    context: Context,
  ): ConnectionState | Promise<ConnectionState> {
    let current = state;
    for (const [index, step] of steps.entries()) {
      const remaining = steps.slice(index + 1);
      if (step.do === 'persist')
        return this.#persist(current, step.event, context, plan.asked).then((next) =>
          this.#run(next, plan, remaining, context),
        );
      if (step.do === 'applyTested')
        current = { lifecycle: 'absent', revision: current.revision, tested: step.connection };
      const effect = this.#perform(current, plan, step, remaining);
      if (effect !== undefined) {
        this.#await(effect, plan, step, remaining);
        return current;
      }
    }
    this.#reconcile(current);
    return current;
  }

  /**
   * Plans of commands that do not wait for each other (sudo) can cross: one stops the clients that the other has opened.
   * When the last of them has ended the clients are as the newest event wants them.
   */
  #reconcile(state: ConnectionState): void {
    if (this.#effects > 0) return;
    const isWanted = isDesiredOpen(state);
    if (!isWanted && this.clients.isStarted) this.clients.stop();
    if (isWanted && this.#hasStoppedClients && !this.clients.isStarted)
      this.tellSelf({ do: 'reopen', life: this.#life });
    this.#hasStoppedClients = false;
  }

  #await(effect: Promise<StepOutcome>, plan: Plan, step: Step, remaining: readonly Step[]): void {
    const life = this.#life;
    this.#effects++;
    void effect
      .catch((error: unknown): StepOutcome => ({ error }))
      .then((outcome) => this.tellSelf({ do: 'stepEnded', plan, step, remaining, outcome, life }));
  }

  #goOn(
    state: ConnectionState,
    { plan, step, remaining, outcome }: Extract<ConnectionMessage, { do: 'stepEnded' }>,
    context: Context,
  ): ConnectionState | Promise<ConnectionState> {
    this.#effects--;
    const { steps, failure, logged } = afterStep(plan.asked, step, remaining, outcome);
    if (logged !== undefined) this.#noteFailure(logged);
    if (failure !== undefined) plan.replyTo?.fail(failure);
    return this.#run(state, plan, steps, context);
  }

  /** A promise where clients have to be waited for. */
  #perform(
    state: ConnectionState,
    plan: Plan,
    step: Step,
    remaining: readonly Step[],
  ): Promise<StepOutcome> | undefined {
    switch (step.do) {
      case 'openClients':
        return this.#open(state);
      case 'closeClients':
        return this.clients.isStarted
          ? this.clients.close(isReopening(remaining)).then(() => ({}))
          : undefined;
      case 'testClient':
        return this.clients.test(step.connection).then((text) => ({ text }));
      case 'stopClients':
        this.#hasStoppedClients = true;
        return void this.clients.stop(isReopening(remaining));
      case 'reply':
        if (step.answer !== undefined) plan.replyTo?.ok(step.answer);
        return undefined;
      case 'retrieveStatus':
      case 'retrieveMetrics':
      case 'retrieveLogs':
        return void this.#retrieve(state, plan, step.do);
      case 'broadcast':
        return void this.#broadcast(step.command, plan.asked.headers['correlation-id']);
      case 'enableLogging':
        return void this.#logging.enable();
      case 'disableLogging':
        return void this.#logging.disable();
      case 'updateSubscriptions':
        if (isDesiredOpen(state)) {
          this.#logging.startCheck();
          this.#logging.prolong();
        }
        return undefined;
      case 'addLogEntry':
        return void this.clients.monitor.addLogEntry(step.entry);
      case 'becomeCreated':
        return void this.#parts.watcher.lifecycleChanged();
      case 'becomeDeleted':
        this.#parts.watcher.lifecycleChanged();
        this.#endPriorityUpdates();
        return void this.#around.sessions.forget(this.#parts.connectionId);
      case 'passivate':
        return void this.#parts.watcher.passivate();
      case 'persist':
      case 'applyTested':
        return undefined;
    }
  }

  #open(state: ConnectionState): Promise<StepOutcome> {
    if (state.lifecycle !== 'active' || !isDesiredOpen(state)) {
      this.clients.stop();
      const text = `The connection has been ${state.lifecycle === 'active' ? 'closed' : 'deleted'}.`;
      return Promise.reject(connectionFailed(this.#parts.connectionId, text));
    }
    const opened = this.clients.open(state.connection);
    this.#awaitPriorityUpdate();
    this.#logging.prolong();
    return opened.then(() => ({}));
  }

  #broadcast(command: 'resetMetrics' | 'resetLogs' | 'enableLogs', correlationId: string | undefined): void {
    if (!this.clients.isStarted) return;
    if (command === 'enableLogs') this.#logging.enableNow();
    else if (command === 'resetLogs') this.clients.monitor.resetLogs(correlationId);
    else this.clients.monitor.resetMetrics();
  }

  #retrieve(
    state: ConnectionState,
    { asked, replyTo }: Plan,
    what: 'retrieveStatus' | 'retrieveMetrics' | 'retrieveLogs',
  ): void {
    if (what === 'retrieveLogs') this.#logging.prolong();
    replyTo?.ok(retrieveFromClients(state, asked, what, this.clients, this.#around.instance));
  }

  #retrievePast(state: ConnectionState, plan: Plan, point: HistoricalPoint): ConnectionState {
    const { pid, connectionId } = this.#parts;
    const { store } = this.#around;
    const answer = async (): Promise<CommandAnswer | undefined> => {
      const now = this.#around.clock.now();
      const past = await readPast(store, { pid, connectionId, state, now }, point);
      const rules = this.#rulesFor(plan.asked.command, undefined);
      const [step] = decide(past.state, plan.asked, rules, this.#now()).steps;
      if (step?.do !== 'reply' || step.answer === undefined) return undefined;
      return { ...step.answer, headers: { ...step.answer.headers, ...past.headers } };
    };
    answer().then(
      (past) => past !== undefined && plan.replyTo?.ok(past),
      (error) => plan.replyTo?.fail(asConnectionError(connectionId, error)),
    );
    return state;
  }

  async #persist(
    state: ConnectionState,
    event: RecordedEvent,
    context: Context,
    asked?: AskedCommand,
  ): Promise<ConnectionState> {
    const stored = state.lifecycle === 'absent' ? undefined : state.connection;
    this.codec.asked = asked;
    await context.persist(event, tagsOf(event, stored, this.#priority));
    const next = evolve(state, event);
    this.state = next;
    if (event.type === 'persistence-actor-internal:empty-event') return next;
    if (event.type.endsWith('Created') || event.type.endsWith('Deleted')) this.#around.publish(event);
    this.snapshots.changed(next);
    return next;
  }

  #persistEmpty(
    state: ConnectionState,
    effect: 'alwaysAlive' | 'priorityUpdate',
    context: Context,
  ): Promise<ConnectionState> {
    const revision = state.revision + 1;
    const event = { type: 'persistence-actor-internal:empty-event', effect, revision } as const;
    return this.#persist(state, event, context);
  }

  /**
   * Asks the counters now and then how busy the connection is; the order of reopening follows from it. From the first
   * opening to the first time that no client runs: of a closed connection there is nothing to ask.
   */
  #awaitPriorityUpdate(): void {
    const { clock, config, random } = this.#around;
    const intervalMs = config.priorityUpdateIntervalMs * (0.95 + random() / 10);
    this.#stopPriority ??= clock.after(intervalMs, () => {
      this.#stopPriority = undefined;
      const { isStarted } = this.clients;
      const priority = isStarted ? usagePriority(this.clients.monitor.metrics()) : 0;
      this.tellSelf({ do: 'updatePriority', priority });
      if (isStarted) this.#awaitPriorityUpdate();
    });
  }

  #endPriorityUpdates(): void {
    this.#stopPriority?.();
    this.#stopPriority = undefined;
  }

  #validated(command: EntityCommand, validate: () => void): void {
    try {
      validate();
    } catch (error) {
      const refusal = asConnectionError(this.#parts.connectionId, error);
      if (this.state.lifecycle === 'active') this.#noteFailure(failedOperation(command.type, refusal));
      throw refusal;
    }
  }

  #noteFailure(text: string): void {
    this.#around.log.info(text, { connectionId: this.#parts.connectionId });
    this.clients.monitor.logConnection('failure', text);
  }

  /** For what the connection does by itself: recovery. */
  #ownPlan(): Plan {
    const type = 'connectivity.commands:openConnection';
    const asked: AskedCommand = {
      command: { type, connectionId: this.#parts.connectionId },
      headers: {},
    };
    return { asked, replyTo: undefined };
  }

  #now(): string {
    return formatInstant(this.#around.clock.now());
  }
}

/** A modification of an open connection. */
const isReopening = (steps: readonly Step[]): boolean => steps.some((step) => step.do === 'openClients');

/** The connection that `decide` will validate, if any. */
function validatedBy(command: EntityCommand, state: ConnectionState): Connection | undefined {
  if ('connection' in command) return command.connection;
  const isOpened = command.type === 'connectivity.commands:openConnection' && state.lifecycle === 'active';
  return isOpened ? state.connection : undefined;
}
