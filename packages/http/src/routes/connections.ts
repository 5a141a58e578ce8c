import {
  type ConnectivityCommands,
  commandTimeout,
  connectionIdNotSettable,
  connectionsAmountIllegal,
  connectivityCommandInvalid,
  connectivityInternalError,
  type DittoHeaders,
  gatewayTimeoutInvalid,
  type JsonObject,
  type JsonValue,
  parseConnectionId,
  parseTimeoutMs,
  type Reply,
  responseHeaders,
} from '@hawser/core';
import express, { type Request, type Router } from 'express';
import { setCorrelationId } from '../accessLog.ts';
import { roleOf } from '../auth/authenticate.ts';
import { bodyText, objectOf } from '../body.ts';
import { answer, type HttpAnswer, methodNotAllowed } from '../httpAnswer.ts';
import { requireMediaType } from '../mediaType.ts';
import { dittoHeadersOf, queryOf } from '../requestHeaders.ts';
import { masked } from '../viewer/readOnly.ts';
import { textCommands } from './textCommands.ts';

export interface ConnectionsConfig {
  /** Without a `timeout` header, ms. */
  readonly defaultTimeoutMs: number;
  /** Largest `timeout` accepted, ms. */
  readonly maxTimeoutMs: number;
  /** Most connections that one GET returns whole. */
  readonly retrieveLimit: number;
}

const CONNECTION = '/system/sharding/connection';
const IDS = '/user/connectivityRoot/connectionIdsRetrieval';

/** `/api/2/connections` (gateway/.../routes/connections/ConnectionsRoute.java). */
export function connectionsRouter(
  commands: ConnectivityCommands,
  config: ConnectionsConfig,
  newId: () => string,
): Router {
  const router = express.Router();
  const full = new ConnectionsApi(commands, config, newId);
  const readOnly = new ConnectionsApi(masked(commands), config, newId);
  const handle = (handler: (api: ConnectionsApi, request: Request) => Promise<HttpAnswer>) =>
    answer((request, response) => handler(roleOf(response) === 'full' ? full : readOnly, request));
  // before the method and the body are looked at
  router.param('connectionId', (_request, _response, next, id: string) => {
    parseConnectionId(id);
    next();
  });
  router
    .route('/')
    .get(handle((api, request) => api.list(request)))
    .post(handle((api, request) => api.create(request)))
    .all(methodNotAllowed('GET', 'POST'));
  router
    .route('/:connectionId')
    .get(handle((api, request) => api.retrieve(request)))
    .put(handle((api, request) => api.modify(request)))
    .delete(handle((api, request) => api.remove(request)))
    .all(methodNotAllowed('GET', 'PUT', 'DELETE'));
  router
    .route('/:connectionId/command')
    .post(handle((api, request) => api.textCommand(request)))
    .all(methodNotAllowed('POST'));
  for (const part of ['status', 'metrics', 'logs'] as const) {
    router
      .route(`/:connectionId/${part}`)
      .get(handle((api, request) => api.inspect(request, part)))
      .all(methodNotAllowed('GET'));
  }
  return router;
}

class ConnectionsApi {
  readonly #commands: ConnectivityCommands;
  readonly #config: ConnectionsConfig;
  readonly #newId: () => string;

  constructor(commands: ConnectivityCommands, config: ConnectionsConfig, newId: () => string) {
    this.#commands = commands;
    this.#config = config;
    this.#newId = newId;
  }

  async list(request: Request): Promise<HttpAnswer> {
    const query = queryOf(request);
    const { 'response-required': isRequired, ...headers } = this.#headers(request, query);
    const listed = await this.#list(query, headers);
    if (isRequired === 'false' && listed.status < 300)
      return { status: 202, headers: responseHeaders(headers) };
    return { ...listed, headers: responseHeaders(headers) };
  }

  async #list(query: ReadonlyMap<string, string>, headers: DittoHeaders): Promise<HttpAnswer> {
    const fields = query.get('fields');
    const idsOnly = query.has('ids-only') ? isTrue(query.get('ids-only')) : fields === 'id';
    const reply = await this.#ask(IDS, { type: 'connectivity.commands:retrieveAllConnectionIds' }, headers);
    if (reply.isError) return entity(reply, reply.json);
    const ids = [...(reply.json['connectionIds'] as readonly string[])].sort();
    if (idsOnly) return { status: 200, json: ids };
    if (ids.length > this.#config.retrieveLimit) throw connectionsAmountIllegal(this.#config.retrieveLimit);
    const connections = await Promise.all(ids.map((id) => this.#retrieveOne(id, fields, headers)));
    return { status: 200, json: connections.filter((connection) => connection !== undefined) };
  }

  async #retrieveOne(
    id: string,
    fields: string | undefined,
    headers: DittoHeaders,
  ): Promise<JsonValue | undefined> {
    const reply = await this.#ask(CONNECTION, retrieve(id, fields), headers);
    if (!reply.isError) return reply.json['connection'];
    // deleted since its id was listed
    if (reply.status === 404) return undefined;
    throw connectivityInternalError('RetrieveConnections command timed out.');
  }

  async create(request: Request): Promise<HttpAnswer> {
    const query = queryOf(request);
    const headers = this.#headers(request, query);
    requireMediaType(request);
    const text = bodyText(request.body);
    const body = objectOf(text);
    if (isTrue(query.get('dry-run'))) return await this.#test(text, body, headers);
    if (body['id'] !== undefined) throw connectionIdNotSettable();
    const id = this.#newId();
    const connection = { id, ...body, connectionStatus: body['connectionStatus'] ?? 'unknown' };
    const reply = await this.#ask(
      CONNECTION,
      { type: 'connectivity.commands:createConnection', connection },
      headers,
    );
    return created(request, reply, id);
  }

  async #test(text: string, body: JsonObject, headers: DittoHeaders): Promise<HttpAnswer> {
    const id = `${this.#newId()}-dry-run`;
    const given = body['id'];
    // every occurrence of the id, also in addresses and mappings, as Ditto replaces it
    const renamed = typeof given === 'string' && given !== '' ? objectOf(text.replaceAll(given, id)) : body;
    const connection = { ...renamed, id, connectionStatus: renamed['connectionStatus'] ?? 'unknown' };
    const reply = await this.#ask(
      CONNECTION,
      { type: 'connectivity.commands:testConnection', connection },
      headers,
    );
    return reply.isError ? entity(reply, reply.json) : entity(reply);
  }

  async retrieve(request: Request): Promise<HttpAnswer> {
    const query = queryOf(request);
    const command = retrieve(idOf(request), query.get('fields'));
    const reply = await this.#ask(CONNECTION, command, this.#headers(request, query));
    return reply.isError ? entity(reply, reply.json) : entity(reply, reply.json['connection']);
  }

  async modify(request: Request): Promise<HttpAnswer> {
    const query = queryOf(request);
    const headers = this.#headers(request, query);
    requireMediaType(request);
    const id = idOf(request);
    const body = objectOf(bodyText(request.body));
    if (body['id'] !== undefined && body['id'] !== id) throw connectionIdNotSettable();
    const connection = { ...body, id };
    const reply = await this.#ask(
      CONNECTION,
      { type: 'connectivity.commands:modifyConnection', connection },
      headers,
    );
    if (reply.status === 201) return created(request, reply);
    return reply.isError ? entity(reply, reply.json) : entity(reply);
  }

  async remove(request: Request): Promise<HttpAnswer> {
    const command = { type: 'connectivity.commands:deleteConnection', connectionId: idOf(request) };
    const reply = await this.#ask(CONNECTION, command, this.#headers(request));
    return reply.isError ? entity(reply, reply.json) : entity(reply);
  }

  async textCommand(request: Request): Promise<HttpAnswer> {
    const headers = this.#headers(request);
    requireMediaType(request, 'text/plain');
    const type = bodyText(request.body);
    if (!textCommands.includes(type)) {
      throw connectivityCommandInvalid(type);
    }
    const reply = await this.#ask(CONNECTION, { type, connectionId: idOf(request) }, headers);
    return reply.isError ? entity(reply, reply.json) : entity(reply);
  }

  async inspect(request: Request, part: 'status' | 'metrics' | 'logs'): Promise<HttpAnswer> {
    const name = `retrieveConnection${part[0]?.toUpperCase()}${part.slice(1)}`;
    const command = { type: `connectivity.commands:${name}`, connectionId: idOf(request) };
    const reply = await this.#ask(CONNECTION, command, this.#headers(request));
    if (reply.isError || part !== 'logs') return entity(reply, reply.json);
    const { type: _type, status: _status, ...logs } = reply.json;
    return entity(reply, logs);
  }

  #headers(request: Request, query = queryOf(request)): DittoHeaders {
    const headers = dittoHeadersOf(request, query, this.#newId);
    setCorrelationId(request.res, headers['correlation-id']);
    // the REST door bypasses the queue of a connection, and may change its type
    return { ...headers, 'ditto-sudo': 'true' };
  }

  async #ask(selection: string, command: JsonObject, headers: DittoHeaders): Promise<Reply> {
    const timeoutMs = this.#timeoutOf(headers);
    const reply = this.#commands.ask(selection, command, headers, timeoutMs).catch((error: unknown) => {
      throw (error as { code?: string }).code === 'ask.error' ? commandTimeout(timeoutMs) : error;
    });
    if (headers['response-required'] !== 'false') return await reply;
    return await reply.then((settled) => (settled.isError ? settled : { ...settled, status: 202, json: {} }));
  }

  #timeoutOf(headers: DittoHeaders): number {
    const given = headers['timeout'];
    if (given === undefined) return this.#config.defaultTimeoutMs;
    const timeoutMs = parseTimeoutMs(given);
    const max = this.#config.maxTimeoutMs;
    if (timeoutMs <= max) return timeoutMs;
    throw gatewayTimeoutInvalid(timeoutMs, max);
  }
}

/** As Java's `Boolean.valueOf`. */
const isTrue = (text: string | undefined): boolean => text?.toLowerCase() === 'true';

/** The id of the path, checked by the router. */
const idOf = (request: Request): string => String(request.params['connectionId']);

const retrieve = (connectionId: string, selectedFields: string | undefined): JsonObject => ({
  type: 'connectivity.commands:retrieveConnection',
  connectionId,
  ...(selectedFields === undefined ? {} : { selectedFields }),
});

function entity(reply: Reply, json?: JsonValue): HttpAnswer {
  const headers = responseHeaders(reply.headers);
  if (reply.status === 202 || reply.status === 204 || reply.status === 304 || json === undefined) {
    return { status: reply.status, headers };
  }
  return { status: reply.status, json, headers };
}

function created(request: Request, reply: Reply, id?: string): HttpAnswer {
  if (reply.isError) return entity(reply, reply.json);
  const base = `${request.protocol}://${request.headers.host ?? ''}${request.originalUrl.replace(/\?.*$/s, '').replace(/\/$/, '')}`;
  const location = id === undefined ? base : `${base}/${id}`;
  const { headers, ...rest } = entity(reply, reply.json['connection']);
  return { ...rest, headers: { ...headers, location } };
}
