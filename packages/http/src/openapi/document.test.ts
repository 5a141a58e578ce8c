import type { ConnectivityCommands } from '@hawser/core';
import { silentLog } from '@hawser/testkit';
import { describe, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { createHttpApp } from '../app.ts';
import type { LogTails, MetricsPage, ServiceInfo } from '../ports.ts';
import { operations } from '../routes/documentation.ts';
import { openApiDocument } from './document.ts';
import { documentationPage } from './documentationPage.ts';

const document = openApiDocument(operations, '1.2.3');
const text = JSON.stringify(document);

describe('the document', () => {
  test('is OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(JSON.parse(text));
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
    expect(validator.version).toBe('3.1');
  });

  test('refers only to what is there, by schemas that compile', () => {
    const { schemas } = document.components;
    const names = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map((match) =>
      String(match[1]),
    );
    expect(names.filter((name) => !Object.hasOwn(schemas, name))).toEqual([]);
    const ajv = new Ajv2020({ strict: false, formats: { 'date-time': true } });
    ajv.addSchema({ $id: 'urn:hawser:openapi', components: { schemas } });
    for (const name of Object.keys(schemas))
      expect(ajv.getSchema(`urn:hawser:openapi#/components/schemas/${name}`)).toBeInstanceOf(Function);
  });

  test('names every operation once', () => {
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('gives examples that its own schemas accept', () => {
    const ajv = new Ajv2020({ strict: false, formats: { 'date-time': true } });
    const { schemas } = document.components;
    for (const { body } of operations) {
      for (const { schema, examples = {} } of Object.values(body?.content ?? {})) {
        const validate = ajv.compile({ ...schema, components: { schemas } });
        for (const { value } of Object.values(examples))
          expect([value, validate(value)]).toEqual([value, true]);
      }
    }
  });
});

interface Layer {
  readonly route?: {
    readonly path: string | readonly string[];
    readonly stack: readonly { readonly method?: string }[];
  };
  readonly handle: { readonly stack?: readonly Layer[] };
  /** Where the layer stands, when it is on the way to the path. */
  match(path: string): { readonly path: string } | false;
}

/** `get /path/{parameter}` of every route that express knows. A router tells its place when it is asked for one of these paths. */
function routesOf(layers: readonly Layer[], prefix: string, paths: readonly string[]): readonly string[] {
  return layers.flatMap((layer) => {
    if (layer.route !== undefined) {
      const { path, stack } = layer.route;
      const methods = [
        ...new Set(stack.map(({ method }) => method).filter((method) => method !== undefined)),
      ];
      return [path].flat().flatMap((one) => methods.map((method) => `${method} ${bracketed(prefix + one)}`));
    }
    if (layer.handle.stack === undefined) return [];
    const place = paths.map((path) => layer.match(path)).find((match) => match !== false);
    if (!place) return ['a router that no documented path reaches'];
    return routesOf(layer.handle.stack, place.path, paths);
  });
}

const bracketed = (path: string): string =>
  (path.length > 1 ? path.replace(/\/$/, '') : path).replaceAll(/:(\w+)/g, '{$1}');

describe('the routes', () => {
  const app = createHttpApp({
    commands: {} as ConnectivityCommands,
    service: { staticStatus: () => ({ version: '1' }) } as unknown as ServiceInfo,
    log: silentLog,
    devops: { secured: false, method: 'basic', users: [], verifyToken: undefined },
    status: { secured: false, method: 'basic', users: [], verifyToken: undefined },
    connections: { defaultTimeoutMs: 1, maxTimeoutMs: 1, retrieveLimit: 1 },
    maxBodyBytes: 1,
    metrics: {} as MetricsPage,
    logTails: {} as LogTails,
    newId: () => 'id',
  });

  test('are those of the document', () => {
    const documented = operations.map(({ method, path }) => `${method} ${path}`);
    const paths = operations.map(({ path }) => path);
    const layers = (app.router as unknown as { readonly stack: readonly Layer[] }).stack;
    expect([...routesOf(layers, '', paths)].sort()).toEqual([...documented].sort());
  });
});

describe('the page', () => {
  const page = documentationPage(document);

  test('shows every operation and schema, and every link of it leads somewhere', () => {
    const anchors = new Set([...page.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]));
    for (const { operationId } of operations) expect(anchors).toContain(operationId);
    for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) expect(anchors).toContain(target);
  });

  test('has no scripts and needs nothing from elsewhere', () => {
    expect(page).not.toMatch(/<script|style=|\son\w+=|src=/);
    expect([...page.matchAll(/href="([^#"][^"]*)"/g)].map((match) => match[1])).toEqual([
      '/docs/style.css',
      '/openapi.json',
    ]);
  });
});
