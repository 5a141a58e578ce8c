import { type JsonValue, stringifyJson } from '@hawser/core';
import express, { type Router } from 'express';
import { type OpenApiDocument, openApiDocument } from '../openapi/document.ts';
import { documentationPage } from '../openapi/documentationPage.ts';
import { json, type Operation } from '../openapi/operation.ts';
import { pageStyle } from '../openapi/pageStyle.ts';
import { connectionsOperations } from './connectionsOperations.ts';
import { devopsOperations } from './devopsOperations.ts';
import { healthOperations } from './healthOperations.ts';

const documentationOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/openapi.json',
    operationId: 'openapi',
    tag: 'Documentation',
    summary: 'This document',
    realm: undefined,
    answers: {
      200: json('OpenAPI 3.1.', {
        type: 'object',
        properties: { openapi: { type: 'string', pattern: '^3\\.1\\.' } },
        required: ['openapi', 'info', 'paths'],
      }),
    },
  },
  {
    method: 'get',
    path: '/docs',
    operationId: 'docs',
    tag: 'Documentation',
    summary: 'This document for people',
    realm: undefined,
    answers: {
      200: {
        description: 'A page without scripts.',
        content: { 'text/html': { schema: { type: 'string' } } },
      },
    },
  },
  {
    method: 'get',
    path: '/docs/style.css',
    operationId: 'docsStyle',
    tag: 'Documentation',
    summary: 'Style of the page',
    realm: undefined,
    answers: { 200: { description: 'CSS.', content: { 'text/css': { schema: { type: 'string' } } } } },
  },
];

/** Everything that this door answers. */
export const operations: readonly Operation[] = [
  ...connectionsOperations,
  ...devopsOperations,
  ...healthOperations,
  ...documentationOperations,
];

/** `/openapi.json`, and `/docs` for people: from this process alone, for anyone, as it holds nothing of the connections. */
export function documentationRouter(version: string): Router {
  const router = express.Router();
  // written once, when it is asked for first
  const document = (): OpenApiDocument => openApiDocument(operations, version);
  let text: string | undefined;
  let page: string | undefined;
  router.get('/openapi.json', (_request, response) => {
    text ??= stringifyJson(document() as unknown as JsonValue);
    response.set('Content-Type', 'application/json').send(Buffer.from(text));
  });
  router.get('/docs', (_request, response) => {
    page ??= documentationPage(document());
    response.set('Content-Security-Policy', "default-src 'none'; style-src 'self'; frame-ancestors 'none'");
    response.type('text/html').send(page);
  });
  router.get('/docs/style.css', (_request, response) => {
    response.type('text/css').send(pageStyle);
  });
  return router;
}
