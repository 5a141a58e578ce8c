import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { HawserProcess } from './hawserProcess.ts';
import { startBroker, type ThrowawayBroker } from './throwawayBroker.ts';

type Json = Readonly<Record<string, unknown>>;

/** The examples of Ditto's page "Manage connections", in its order. */
const examples = JSON.parse(
  readFileSync('packages/testkit/vectors/docs/manage-connections.json', 'utf8'),
) as {
  readonly name: string;
  readonly json: Json;
}[];
const ID = 'managed';

let data: string;
let hawser: HawserProcess;
let broker: ThrowawayBroker;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'hawser-manage-'));
  broker = await startBroker();
  hawser = await HawserProcess.start({ env: { HAWSER_DATA: data } });
});

afterAll(async () => {
  await hawser.kill();
  await broker.close();
  rmSync(data, { recursive: true, force: true });
});

const connection = (id: string): Json => ({
  id,
  connectionType: 'mqtt',
  connectionStatus: 'closed',
  uri: `tcp://127.0.0.1:${broker.port}`,
  sources: [{ addresses: ['devices/#'], qos: 1, authorizationContext: ['demo:devices'] }],
});

/** Sends an example as it stands there, its placeholders filled in. */
async function send(name: string, id = ID): Promise<Json> {
  const example = examples.find((one) => one.name === name)?.json ?? {};
  const { piggybackCommand, ...envelope } = example;
  const { connectionId, connection: whole, ...command } = piggybackCommand as Json;
  const { status, body } = await hawser.request('POST', '/devops/piggyback/connectivity', {
    ...envelope,
    piggybackCommand: {
      ...command,
      ...(connectionId === undefined ? {} : { connectionId: id }),
      ...(whole === undefined ? {} : { connection: connection(id) }),
    },
  });
  expect(status).toBe(200);
  return body;
}

const answer = (name: string, status: number, more: Json = {}): Json => ({
  type: `connectivity.responses:${name}`,
  status,
  ...more,
});
const ofConnection = { connectionId: ID };

/** Every example that is a command, in an order in which each finds what it needs. */
const session: readonly (readonly [name: string, expected: Json])[] = [
  ['Test connection', answer('testConnection', 200, ofConnection)],
  ['Create connection', answer('createConnection', 201, { connection: expect.objectContaining({ id: ID }) })],
  ['Modify connection', answer('modifyConnection', 204, ofConnection)],
  [
    'Retrieve connection',
    answer('retrieveConnection', 200, { connection: expect.objectContaining({ id: ID }) }),
  ],
  ['Retrieve ids of all connections', answer('retrieveAllConnectionIds', 200, { connectionIds: [ID] })],
  ['Open connection', answer('openConnection', 200, ofConnection)],
  ['Enable connection logs', answer('enableConnectionLogs', 200, ofConnection)],
  [
    'Retrieve connection status',
    answer('retrieveConnectionStatus', 200, { ...ofConnection, liveStatus: 'open' }),
  ],
  [
    'Retrieve connection metrics',
    answer('retrieveConnectionMetrics', 200, { ...ofConnection, containsFailures: false }),
  ],
  ['Reset connection metrics', answer('resetConnectionMetrics', 200, ofConnection)],
  [
    'Retrieve connection logs',
    answer('retrieveConnectionLogs', 200, { ...ofConnection, connectionLogs: expect.any(Array) }),
  ],
  ['Reset connection logs', answer('resetConnectionLogs', 200, ofConnection)],
  ['Close connection', answer('closeConnection', 200, ofConnection)],
  ['Delete connection', answer('deleteConnection', 204, ofConnection)],
];
const SNIPPET = 'Payload mapping configuration';

describe('the examples of Ditto’s page "Manage connections"', () => {
  test('are all here', () => {
    expect([...session.map(([name]) => name), SNIPPET].sort()).toEqual(
      examples.map(({ name }) => name).sort(),
    );
  });

  test.each(session)('%s', async (name, expected) => {
    expect(await send(name)).toMatchObject(expected);
  });

  test('the snippet of payload mapping is refused for its address, and taken with an array', async () => {
    const { mappingDefinitions, sources } = examples.find(({ name }) => name === SNIPPET)?.json ?? {};
    const [source] = sources as readonly Json[];
    const create = (addresses: unknown) =>
      hawser.piggyback({
        type: 'connectivity.commands:createConnection',
        connection: {
          ...connection('mapped'),
          mappingDefinitions: withScripts(mappingDefinitions as Json),
          sources: [{ ...source, addresses, qos: 1, authorizationContext: ['demo:devices'] }],
        },
      });
    expect(await create(source?.['addresses'])).toEqual({
      type: 'devops.responses:errorResponse',
      status: 400,
      serviceName: 'connectivity',
      instance: '1',
      payload: {
        status: 400,
        error: 'json.invalid',
        message: 'Value <"source"> for </addresses> is not of type <JsonArray>!',
        description:
          'Check if the JSON was valid (e.g. on https://jsonlint.com) and if it was in required format.',
      },
    });
    expect(await create([source?.['addresses']])).toMatchObject({ status: 201 });
  });
});

/** The page leaves the scripts out: `..`. */
function withScripts(definitions: Json): Json {
  const { customJs } = definitions as { readonly customJs: { readonly options: Json } };
  return {
    customJs: {
      ...customJs,
      options: {
        incomingScript: 'function mapToDittoProtocolMsg() { return null; }',
        outgoingScript: 'function mapFromDittoProtocolMsg() { return null; }',
      },
    },
  };
}
