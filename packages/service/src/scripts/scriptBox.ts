import type { QuickJSContext, QuickJSHandle, QuickJSRuntime, QuickJSWASMModule } from 'quickjs-emscripten';
import { glue } from './sandboxGlue.ts';
import { defaultMappings, dittoHelpers, freezing } from './sandboxScope.ts';
import type { BoxOptions, ScriptError, ScriptFailure, ScriptInput, ScriptOutput } from './scriptCall.ts';
import { bytebufferLibrary, longLibrary } from './scriptLibraries.ts';

/** Jobs of promises that are run after a message; what is left then is thrown away with the scripts' scope. */
const MAX_JOBS = 1000;

/** Loading the libraries is none of the script's time. */
const NO_DEADLINE = Number.POSITIVE_INFINITY;

/** The functions of the scope that take messages. */
interface Entrances {
  readonly inbound: QuickJSHandle;
  readonly outbound: QuickJSHandle;
  readonly takeBuffers: QuickJSHandle;
  readonly describe: QuickJSHandle;
  readonly takeConsole: QuickJSHandle;
}

/**
 * The scripts of one mapper in an engine of their own, which shares nothing with this process but texts and buffers. Its built-in
 * functions do not look at the deadline: it is to run where someone else can end it.
 */
export class ScriptBox {
  readonly #module: QuickJSWASMModule;
  readonly #options: BoxOptions;
  readonly #used: (() => number) | undefined;
  #runtime: QuickJSRuntime | undefined;
  #context: QuickJSContext | undefined;
  #entrances: Entrances | undefined;
  #loadFailure: ScriptFailure | undefined;
  #deadline = NO_DEADLINE;
  #isLate = false;

  /** @param used time on a processor, ms, that is no less than what the run under way had; without it the clock decides */
  constructor(module: QuickJSWASMModule, options: BoxOptions, used?: () => number) {
    this.#module = module;
    this.#options = options;
    this.#used = used;
  }

  /** Loads the scripts unless they are; undefined when they can be run. */
  load(): ScriptFailure | undefined {
    if (this.#context === undefined) {
      this.#open();
      this.#loadFailure = this.#timed(() => this.#evaluateScripts());
      // what took too long may come through another time
      if (this.#loadFailure?.kind === 'time') this.close();
    }
    return this.#loadFailure;
  }

  /** @throws what is none of the script's doing: the module is then of no use any more */
  run(input: ScriptInput): ScriptOutput {
    const failure = this.load();
    if (failure !== undefined) return { failure };
    const startedAt = performance.now();
    const output = this.#timed(() => this.#call(input));
    if (!this.#options.isWatched) return output;
    return { ...output, use: this.#use(performance.now() - startedAt) };
  }

  close(): void {
    for (const handle of Object.values(this.#entrances ?? {})) handle.dispose();
    this.#context?.dispose();
    this.#runtime?.dispose();
    this.#entrances = undefined;
    this.#context = undefined;
    this.#runtime = undefined;
  }

  #open(): void {
    const { stackBytes, maxMemoryBytes, scripts, isWatched } = this.#options;
    const runtime = this.#module.newRuntime();
    this.#runtime = runtime;
    runtime.setMemoryLimit(maxMemoryBytes);
    runtime.setMaxStackSize(stackBytes);
    runtime.setInterruptHandler(() => {
      const now = performance.now();
      if (now < this.#deadline) return false;
      const left = this.#options.maxExecutionTimeMs - (this.#used?.() ?? Number.POSITIVE_INFINITY);
      this.#isLate = !(left > 0);
      if (!this.#isLate) this.#deadline = now + left;
      return this.#isLate;
    });
    const context = runtime.newContext();
    this.#context = context;
    const own = (code: string, name: string): QuickJSHandle =>
      context.unwrapResult(context.evalCode(code, name));
    if (scripts.loadLongJS) own(longLibrary(), 'long.js').dispose();
    if (scripts.loadBytebufferJS) own(bytebufferLibrary(), 'bytebuffer.js').dispose();
    own(dittoHelpers, 'ditto.js').dispose();
    own(defaultMappings, 'mappings.js').dispose();
    const entrances = own(glue, 'glue.js');
    own(freezing, 'freezing.js').dispose();
    const part = (name: string): QuickJSHandle => context.getProp(entrances, name);
    this.#entrances = {
      inbound: part('inbound'),
      outbound: part('outbound'),
      takeBuffers: part('takeBuffers'),
      describe: part('describe'),
      takeConsole: part('takeConsole'),
    };
    if (isWatched) this.#addConsole(context, entrances);
    entrances.dispose();
  }

  #addConsole(context: QuickJSContext, entrances: QuickJSHandle): void {
    const print = context.getProp(entrances, 'print');
    const console = context.newObject();
    for (const level of ['log', 'info', 'warn', 'error', 'debug']) context.setProp(console, level, print);
    context.setProp(context.global, 'console', console);
    print.dispose();
    console.dispose();
  }

  #evaluateScripts(): ScriptFailure | undefined {
    const { incomingScript, outgoingScript } = this.#options.scripts;
    for (const [code, name] of [
      [incomingScript, 'incomingScript'],
      [outgoingScript, 'outgoingScript'],
    ] as const) {
      if (code === '') continue;
      const result = this.#opened.evalCode(code, name);
      if (result.error !== undefined) {
        const failure = this.#failureOf(result.error);
        return failure.kind === 'time' ? failure : { kind: 'load', error: failure.error };
      }
      result.value.dispose();
    }
    return undefined;
  }

  #call(input: ScriptInput): ScriptOutput {
    const context = this.#opened;
    const { inbound, outbound } = this.#entrances as Entrances;
    const isInbound = input.direction === 'inbound';
    const args = isInbound
      ? [context.newString(input.headers), ...payloadHandles(context, input.text, input.bytes)]
      : [context.newString(input.message)];
    const result = context.callFunction(isInbound ? inbound : outbound, context.undefined, args);
    for (const handle of args) handle.dispose();
    const output =
      result.error === undefined ? this.#outputOf(result.value) : { failure: this.#failureOf(result.error) };
    this.#finishJobs();
    return this.#isLate ? { failure: { kind: 'time' } } : output;
  }

  #outputOf(value: QuickJSHandle): ScriptOutput {
    const text = this.#opened.getString(value);
    value.dispose();
    if (text.startsWith('[')) return { json: text };
    if (text.startsWith('#')) return this.#withBuffers(text.slice(1));
    return { failure: { kind: 'thrown', error: errorOf(text) } };
  }

  /** The script's time and memory may be over just now. */
  #withBuffers(json: string): ScriptOutput {
    const context = this.#opened;
    const { takeBuffers } = this.#entrances as Entrances;
    const taken = context.callFunction(takeBuffers, context.undefined);
    if (taken.error !== undefined) return { failure: this.#failureOf(taken.error) };
    return taken.value.consume((handle) => ({ json, buffers: this.#buffersIn(handle) }));
  }

  #buffersIn(array: QuickJSHandle): readonly Uint8Array[] {
    const context = this.#opened;
    const length = context.getProp(array, 'length').consume((handle) => context.getNumber(handle));
    return Array.from({ length }, (_, index) =>
      context
        .getProp(array, index)
        .consume((handle) => context.getArrayBuffer(handle).consume(({ value }) => value.slice())),
    );
  }

  /** Promises go on as far as they come within the script's time; an endless chain ends with the scope that it belongs to. */
  #finishJobs(): void {
    const runtime = this.#runtime;
    if (runtime?.hasPendingJob() !== true) return;
    const result = runtime.executePendingJobs(MAX_JOBS);
    if (result.error !== undefined) result.error.dispose();
    if (runtime.hasPendingJob()) this.close();
  }

  #failureOf(error: QuickJSHandle): Exclude<ScriptFailure, { kind: 'load' }> {
    const context = this.#opened;
    const { describe } = this.#entrances as Entrances;
    const result = this.#isLate ? undefined : context.callFunction(describe, context.undefined, error);
    error.dispose();
    if (result === undefined) return { kind: 'time' };
    if (result.error === undefined)
      return {
        kind: 'thrown',
        error: errorOf(result.value.consume((handle) => context.getString(handle))),
      };
    result.error.dispose();
    return this.#isLate ? { kind: 'time' } : { kind: 'thrown', error: NOT_DESCRIBED };
  }

  #use(timeMs: number): { timeMs: number; memoryBytes: number; console: readonly string[] } {
    const lines = this.#entrances?.takeConsole;
    if (lines === undefined) return { timeMs, memoryBytes: 0, console: [] };
    const context = this.#opened;
    const memoryBytes = this.#memoryBytes();
    const result = context.callFunction(lines, context.undefined);
    if (result.error !== undefined) {
      result.error.dispose();
      return { timeMs, memoryBytes, console: [] };
    }
    const console = JSON.parse(context.getString(result.value)) as readonly string[];
    result.value.dispose();
    return { timeMs, memoryBytes, console };
  }

  #memoryBytes(): number {
    const context = this.#opened;
    const usage = this.#runtime?.computeMemoryUsage();
    if (usage === undefined) return 0;
    const bytes = context.getProp(usage, 'memory_used_size').consume((handle) => context.getNumber(handle));
    usage.dispose();
    return bytes;
  }

  get #opened(): QuickJSContext {
    if (this.#context === undefined) throw new Error('the box is closed');
    return this.#context;
  }

  #timed<T>(work: () => T): T {
    this.#isLate = false;
    this.#deadline = performance.now() + this.#options.maxExecutionTimeMs;
    try {
      return work();
    } finally {
      this.#deadline = NO_DEADLINE;
    }
  }
}

/** What does not pass this border as it is: texts end at a zero character, and halves of characters are lost. */
const NEEDS_JSON = /[\0\ud800-\udfff]/;

function payloadHandles(
  context: QuickJSContext,
  text: string | null,
  bytes: Uint8Array | 'text' | null,
): QuickJSHandle[] {
  const isJson = text !== null && NEEDS_JSON.test(text);
  return [
    text === null ? context.null : context.newString(isJson ? JSON.stringify(text) : text),
    bytes === null ? context.null : context.newArrayBuffer(bufferOf(text, bytes)),
    isJson ? context.true : context.false,
  ];
}

const errorOf = (text: string): ScriptError => JSON.parse(text.slice(1)) as ScriptError;

const utf8 = new TextEncoder();
const bufferOf = (text: string | null, bytes: Uint8Array | 'text'): ArrayBufferLike =>
  (bytes === 'text' ? utf8.encode(text ?? '') : bytes).buffer;

/** There was no memory or stack left to tell what was thrown. */
const NOT_DESCRIBED: ScriptError = { name: 'InternalError', message: 'out of memory', stack: '' };
