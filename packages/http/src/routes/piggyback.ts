import {
  type ConnectivityCommands,
  DittoError,
  devOpsErrorResponse,
  isAggregated,
  type JsonObject,
  type PiggybackCommand,
  parsePiggybackRequest,
  piggybackAnswer,
  piggybackResponse,
  type Responder,
  responseHeaders,
  targetTimeoutMs,
} from '@hawser/core';
import type { Request, Response } from 'express';
import { roleOf } from '../auth/authenticate.ts';
import { bodyText } from '../body.ts';
import type { HttpAnswer } from '../httpAnswer.ts';
import type { ServiceInfo } from '../ports.ts';
import { forbiddenForReadOnly } from '../readOnly.ts';
import { queryOf } from '../requestHeaders.ts';

const PUB_SUB_MEDIATOR = '/system/distributedPubSubMediator';

/** `POST /devops/piggyback`: a command inside a command, for the actor at its selection. */
export class PiggybackDoor {
  readonly #commands: ConnectivityCommands;
  readonly #service: ServiceInfo;
  readonly #newId: () => string;

  constructor(commands: ConnectivityCommands, service: ServiceInfo, newId: () => string) {
    this.#commands = commands;
    this.#service = service;
    this.#newId = newId;
  }

  async execute(request: Request, response: Response): Promise<HttpAnswer> {
    const command = parsePiggybackRequest({
      body: bodyText(request.body),
      query: Object.fromEntries(queryOf(request)),
      serviceName: segment(request, 'service'),
      instance: segment(request, 'instance'),
      correlationId: this.#newId(),
    });
    if (roleOf(response) !== 'full' && !isReading(command.piggybackCommand)) throw forbiddenForReadOnly();
    const responses = this.#isAddressed(command) ? [await this.#respond(command)] : [];
    const { httpStatus, body } = piggybackAnswer(responses, isAggregated(command.headers));
    const headers = responseHeaders(command.headers);
    const isUnanswered = command.headers['response-required'] === 'false' && httpStatus < 300;
    return isUnanswered ? { status: 202, headers } : { status: httpStatus, json: body, headers };
  }

  /** This service is the only member: what names another one is answered by nobody. */
  #isAddressed({ serviceName, instance }: PiggybackCommand): boolean {
    const { serviceName: ownName, instance: ownInstance } = this.#service;
    return (serviceName ?? ownName) === ownName && (instance ?? ownInstance) === ownInstance;
  }

  async #respond(command: PiggybackCommand): Promise<JsonObject> {
    const self: Responder = { serviceName: this.#service.serviceName, instance: this.#service.instance };
    try {
      const { targetActorSelection, headers, piggybackCommand } = command;
      // null is a command of no type, and refused as such
      const inner = piggybackCommand ?? {};
      const reply = await this.#commands.ask(targetActorSelection, inner, headers, targetTimeoutMs(headers));
      return piggybackResponse(self, reply.status, reply.json);
    } catch (error) {
      if (!(error instanceof DittoError)) throw error;
      // a command for the mediator is refused as a whole, not as the answer of a service
      if (command.targetActorSelection === PUB_SUB_MEDIATOR) throw error;
      return devOpsErrorResponse(named(command, self), error);
    }
  }
}

/** Who is told to have refused: the member that was named, else the one that answers. */
const named = ({ serviceName, instance }: PiggybackCommand, self: Responder): Responder => ({
  serviceName: serviceName ?? self.serviceName,
  instance: instance ?? self.instance,
});

function isReading(command: JsonObject | null): boolean {
  const type = command?.['type'];
  return typeof type === 'string' && /:(retrieve|sudoRetrieve|migrateEncryptionStatus)/.test(type);
}

function segment(request: Request, name: string): string | undefined {
  const value = request.params[name];
  return typeof value === 'string' ? value : undefined;
}
