import { components } from './components.ts';
import { type Operation, type Schema, text } from './operation.ts';

export interface OpenApiDocument {
  readonly openapi: '3.1.1';
  readonly info: object;
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly securitySchemes: object;
  };
}

/** Tags in the order of the page. */
const tags = [
  { name: 'Connections', description: 'Create, test, modify, open, close, watch and delete connections.' },
  {
    name: 'DevOps',
    description: 'Commands to the actors of the service, its log levels and its configuration.',
  },
  { name: 'Health', description: 'For orchestrators and operators.' },
  { name: 'Documentation', description: 'This description of the API.' },
];

const schemes = {
  devops: {
    type: 'http',
    scheme: 'basic',
    description:
      'User `devops` with DEVOPS_PASSWORD; or `viewer` with HAWSER_READ_ONLY_PASSWORD, who may read and sees no secrets.',
  },
  status: {
    type: 'http',
    scheme: 'basic',
    description: 'User `devops` with DEVOPS_PASSWORD or STATUS_PASSWORD.',
  },
  openid: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'A token of a configured OpenID issuer, where the authentication method is `oauth2`.',
  },
};

/** The OpenAPI document of these operations. `version`: of the service. */
export function openApiDocument(operations: readonly Operation[], version: string): OpenApiDocument {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: described(operation) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Hawser',
      version,
      description:
        "Eclipse Ditto's connectivity service: connections to message brokers, by Ditto's piggyback commands and over REST. Errors are JSON with `status`, `error`, `message` and what to do about it. Beyond what an operation lists, any may answer 413 to a body over the limit, 429 and 503 to too many requests.",
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    tags,
    paths,
    components: { schemas: components, securitySchemes: schemes },
  };
}

function described({ method: _method, path: _path, tag, realm, body, answers, ...rest }: Operation): object {
  const unauthorized = realm === undefined ? {} : { 401: text('Credentials are missing or wrong.') };
  return {
    tags: [tag],
    ...rest,
    security: realm === undefined ? [] : [{ [realm]: [] }, { openid: [] }],
    ...(body === undefined ? {} : { requestBody: { required: true, ...body } }),
    responses: { ...answers, ...unauthorized },
  };
}
