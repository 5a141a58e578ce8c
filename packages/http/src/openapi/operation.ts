/** JSON Schema, draft 2020-12: the dialect of OpenAPI 3.1. */
export type Schema = object;

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly description: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

export interface Body {
  readonly description: string;
  readonly content: Readonly<Record<string, { readonly schema: Schema; readonly examples?: Examples }>>;
}

export type Examples = Readonly<Record<string, { readonly summary: string; readonly value: unknown }>>;

export interface Answer {
  readonly description: string;
  readonly headers?: Readonly<Record<string, { readonly description: string; readonly schema: Schema }>>;
  /** Absent: an empty body. */
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

/** What a route does, in the words of OpenAPI. It stands beside its route. */
export interface Operation {
  readonly method: 'get' | 'put' | 'post' | 'delete';
  /** `/api/2/connections/{connectionId}` */
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** Who may: the users of this realm, or anyone. */
  readonly realm: 'devops' | 'status' | undefined;
  readonly parameters?: readonly Parameter[];
  readonly body?: Body;
  readonly answers: Readonly<Record<string, Answer>>;
}

export const ref = (name: ComponentName): Schema => ({ $ref: `#/components/schemas/${name}` });

export type ComponentName =
  | 'Connection'
  | 'NewConnection'
  | 'PiggybackRequest'
  | 'PiggybackAnswer'
  | 'Error'
  | 'Health'
  | 'LoggerConfig'
  | 'LoggerConfigs'
  | 'ChangedLogLevel'
  | 'Config'
  | 'ConnectionStatus'
  | 'ConnectionMetrics'
  | 'ConnectionLogs';

export const json = (description: string, schema: Schema, headers?: Answer['headers']): Answer => ({
  description,
  ...(headers === undefined ? {} : { headers }),
  content: { 'application/json': { schema } },
});

export const text = (description: string): Answer => ({
  description,
  content: { 'text/plain': { schema: { type: 'string' } } },
});

export const empty = (description: string, headers?: Answer['headers']): Answer => ({
  description,
  ...(headers === undefined ? {} : { headers }),
});

export const error = (description: string): Answer => json(description, ref('Error'));

export const query = (name: string, description: string, schema: Schema): Parameter => ({
  name,
  in: 'query',
  description,
  schema,
});

export const header = (name: string, description: string): Parameter => ({
  name,
  in: 'header',
  description,
  schema: { type: 'string' },
});

export const segment = (name: string, description: string): Parameter => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: { type: 'string' },
});
