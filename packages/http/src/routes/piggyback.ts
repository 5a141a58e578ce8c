import {
  type ConnectivityCommands,
  commandTimeout,
  DittoError,
  type DittoHeaders,
  devOpsErrorResponse,
  isAggregated,
  isDittoError,
  type JsonObject,
  type PiggybackCommand,
  parsePiggybackRequest,
  piggybackAnswer,
  piggybackResponse,
  type Reply,
  type Responder,
  responseHeaders,
  targetTimeoutMs,
} from '@hawser/core';
import type { Request, Response } from 'express';
import { setCorrelationId } from '../accessLog.ts';
import { roleOf } from '../auth/authenticate.ts';
import { bodyText } from '../body.ts';
import type { HttpAnswer } from '../httpAnswer.ts';
import type { ServiceInfo } from '../ports.ts';
import { queryOf } from '../requestHeaders.ts';
import { forbiddenForReadOnly, isReading, masked } from '../viewer/readOnly.ts';

/** A timer may be early by this against the clock. */
const TIMER_SLACK_MS = 2;
const PUB_SUB_MEDIATOR = '/system/distributedPubSubMediator';

export interface PiggybackParts {
  readonly commands: ConnectivityCommands;
  readonly service: ServiceInfo;
  readonly newId: () => string;
  /** Whatever a command asks for, its request ends then, ms. */
  readonly requestTimeoutMs: number;
}

/** `POST /devops/piggyback`: a command inside a command, for the actor at its selection. */
export class PiggybackDoor {
  readonly #parts: PiggybackParts;
  /** For users who only read. */
  readonly #masked: ConnectivityCommands;

  constructor(parts: PiggybackParts) {
    this.#parts = parts;
    this.#masked = masked(parts.commands);
  }

  async execute(request: Request, response: Response): Promise<HttpAnswer> {
    const command = parsePiggybackRequest({
      body: bodyText(request.body),
      query: Object.fromEntries(queryOf(request)),
      serviceName: segment(request, 'service'),
      instance: segment(request, 'instance'),
      correlationId: this.#parts.newId(),
    });
    setCorrelationId(response, command.headers['correlation-id']);
    const mayChange = roleOf(response) === 'full';
    if (!mayChange && !isReading(command)) throw forbiddenForReadOnly();
    const commands = mayChange ? this.#parts.commands : this.#masked;
    const responses = this.#isAddressed(command) ? await this.#respond(commands, command) : [];
    const { httpStatus, body } = piggybackAnswer(responses, isAggregated(command.headers));
    const headers = responseHeaders(command.headers);
    const isUnanswered = command.headers['response-required'] === 'false' && httpStatus < 300;
    return isUnanswered ? { status: 202, headers } : { status: httpStatus, json: body, headers };
  }

  /** This service is the only member: what names another one is answered by nobody. */
  #isAddressed({ serviceName, instance }: PiggybackCommand): boolean {
    const { serviceName: ownName, instance: ownInstance } = this.#parts.service;
    return (serviceName ?? ownName) === ownName && (instance ?? ownInstance) === ownInstance;
  }

  async #respond(commands: ConnectivityCommands, command: PiggybackCommand): Promise<readonly JsonObject[]> {
    const { serviceName, instance } = this.#parts.service;
    const self: Responder = { serviceName, instance };
    const { targetActorSelection, headers, piggybackCommand } = command;
    try {
      // null is a command of no type, and refused as such
      const reply = await this.#ask(commands, targetActorSelection, piggybackCommand ?? {}, headers);
      return [piggybackResponse(self, reply.status, reply.json)];
    } catch (error) {
      if (!(error instanceof DittoError) || error.code === 'command.timeout') throw error;
      if (targetActorSelection !== PUB_SUB_MEDIATOR)
        return [devOpsErrorResponse(named(command, self), error)];
      // what was published and not answered has no answer; what cannot be published is refused as a whole
      if (error.code === 'ask.error') return [];
      throw error;
    }
  }

  /** @throws DittoError `command.timeout` 408 when the request ends before the time that the command has */
  async #ask(
    commands: ConnectivityCommands,
    selection: string,
    command: JsonObject,
    headers: DittoHeaders,
  ): Promise<Reply> {
    const { requestTimeoutMs } = this.#parts;
    const timeoutMs = targetTimeoutMs(headers);
    if (timeoutMs <= requestTimeoutMs) return await commands.ask(selection, command, headers, timeoutMs);
    const started = performance.now();
    return await commands.ask(selection, command, headers, requestTimeoutMs).catch((error: unknown) => {
      const isLate = performance.now() - started >= requestTimeoutMs - TIMER_SLACK_MS;
      throw isLate && isDittoError(error, 'ask.error') ? commandTimeout(requestTimeoutMs) : error;
    });
  }
}

/** Who is told to have refused: the member that was named, else the one that answers. */
const named = ({ serviceName, instance }: PiggybackCommand, self: Responder): Responder => ({
  serviceName: serviceName ?? self.serviceName,
  instance: instance ?? self.instance,
});

function segment(request: Request, name: string): string | undefined {
  const value = request.params[name];
  return typeof value === 'string' ? value : undefined;
}
