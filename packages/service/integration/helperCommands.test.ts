import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describeWithServers } from '@hawser/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { HawserProcess, until } from './hawserProcess.ts';
import { retrieve } from './observe.ts';

const run = promisify(execFile);
const page = readFileSync(join(process.cwd(), 'docs/operations.md'), 'utf8');
const commands = [...page.matchAll(/```sh\n(.*?)```/gs)]
  .map(([, command]) => String(command))
  .filter((command) => command.includes('$ID'));

const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
const id = 'helper-commands';
const counts = {
  success: { PT1M: 0, PT1H: 0, PT24H: 0, lastMessageAt: null },
  failure: { PT1M: 0, PT1H: 0, PT24H: 0, lastMessageAt: null },
};
const countsOf = (...types: readonly string[]) => Object.fromEntries(types.map((type) => [type, counts]));
const inbound = countsOf('consumed', 'mapped', 'other', 'dropped', 'enforced', 'acknowledged', 'throttled');
const outbound = countsOf(
  'dispatched',
  'filtered',
  'mapped',
  'other',
  'dropped',
  'published',
  'acknowledged',
);
const done = (name: string) => ({
  type: `connectivity.responses:${name}`,
  status: 200,
  connectionId: id,
});

/** Ditto's form of each answer. */
const forms: Readonly<Record<string, unknown>> = {
  retrieveConnectionStatus: {
    ...done('retrieveConnectionStatus'),
    connectionStatus: 'open',
    liveStatus: 'open',
    recoveryStatus: 'succeeded',
    connectedSince: instant,
    clientStatus: [
      {
        type: 'client',
        client: '1',
        status: 'open',
        recoveryStatus: 'succeeded',
        statusDetails: 'CONNECTED',
        inStateSince: instant,
      },
    ],
    sourceStatus: [
      {
        type: 'source',
        client: '1',
        address: 'helper/in',
        status: 'open',
        statusDetails: 'Consumer started.',
        inStateSince: instant,
      },
    ],
    targetStatus: [
      {
        type: 'target',
        client: '1',
        address: 'helper/{{ thing:id }}',
        status: 'unknown',
        statusDetails: 'Producers for targets with placeholders are started on-demand.',
      },
    ],
  },
  retrieveConnectionMetrics: {
    ...done('retrieveConnectionMetrics'),
    connectionMetrics: { inbound, outbound },
    containsFailures: false,
    sourceMetrics: { addressMetrics: { 'helper/in': inbound } },
    targetMetrics: { addressMetrics: { 'helper/{{ thing:id }}': outbound, _responses: outbound } },
  },
  resetConnectionMetrics: done('resetConnectionMetrics'),
  enableConnectionLogs: done('enableConnectionLogs'),
  retrieveConnectionLogs: {
    ...done('retrieveConnectionLogs'),
    connectionLogs: expect.arrayContaining([
      {
        correlationId: '<not-provided>',
        timestamp: instant,
        category: 'connection',
        type: 'other',
        level: 'success',
        message: 'Connection successful',
      },
    ]),
    enabledSince: instant,
    enabledUntil: instant,
  },
  resetConnectionLogs: done('resetConnectionLogs'),
};

describeWithServers('the commands of the operations page', ['mosquitto'], (urls) => {
  const data = mkdtempSync(join(tmpdir(), 'hawser-helper-'));
  let hawser: HawserProcess;

  beforeAll(async () => {
    hawser = await HawserProcess.start({ env: { HAWSER_DATA: data } });
    const authorizationContext = ['integration:helper'];
    const connection = {
      id,
      connectionType: 'mqtt',
      connectionStatus: 'open',
      uri: urls.mosquitto,
      sources: [{ addresses: ['helper/in'], qos: 1, authorizationContext }],
      targets: [
        {
          address: 'helper/{{ thing:id }}',
          qos: 1,
          topics: ['_/_/things/twin/events'],
          authorizationContext,
        },
      ],
    };
    await hawser.piggyback({ type: 'connectivity.commands:createConnection', connection });
    await until('it is open', async () => (await retrieve(hawser, 'Status', id))['liveStatus'] === 'open');
  });

  afterAll(async () => {
    await hawser?.stop();
    rmSync(data, { recursive: true, force: true });
  });

  test.each(commands)('%s', async (command) => {
    const env = { PATH: process.env['PATH'] ?? '', HAWSER: hawser.url, ID: id };
    const { stdout } = await run('sh', ['-ec', command], { env });
    const name = /commands:(\w+)/.exec(command)?.[1];
    if (name === undefined) expect(stdout).toContain(': the log from now on');
    else expect(JSON.parse(stdout)).toEqual(forms[name]);
  });
});
