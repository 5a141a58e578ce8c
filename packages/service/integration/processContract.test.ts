import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { basic, HawserProcess } from './hawserProcess.ts';

let data: string;
let running: HawserProcess[] = [];

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'hawser-contract-'));
});

afterEach(async () => {
  await Promise.all(running.map((hawser) => hawser.kill()));
  running = [];
  rmSync(data, { recursive: true, force: true });
});

const start = async (
  env: Record<string, string> = {},
  args: readonly string[] = [],
): Promise<HawserProcess> => {
  const hawser = await HawserProcess.start({ env: { HAWSER_DATA: data, ...env }, args });
  running.push(hawser);
  return hawser;
};

/** Starts what must refuse; resolves to its exit code and its last line. */
const refused = async (env: Record<string, string>, args: readonly string[] = []) => {
  const hawser = HawserProcess.spawn({ env: { HAWSER_DATA: data, ...env }, args });
  const code = await hawser.exited;
  return { code, last: hawser.lines.at(-1) ?? {} };
};

describe('a start is refused with one clear line and exit code 1', () => {
  test('for a wrong setting', async () => {
    const { code, last } = await refused({}, ['--set', 'hawser.publish-timeout=soon']);
    expect(code).toBe(1);
    expect(last).toMatchObject({ level: 'error', msg: 'start refused' });
    expect(last['reason']).toContain('hawser.publish-timeout');
  });

  test('for a busy port', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
    const { code, last } = await refused({ HTTP_PORT: String(port) });
    server.close();
    expect(code).toBe(1);
    expect(last['reason']).toContain(`127.0.0.1:${port}`);
    // nothing half started: the data folder is free again
    await start();
  });

  test('for a data folder that another process holds, naming it', async () => {
    const holder = await start();
    const { code, last } = await refused({});
    expect(code).toBe(1);
    expect(last['reason']).toContain(String(holder.pid));
  });

  test("for an address beyond loopback without a password, and Ditto's defaults warn on loopback", async () => {
    const { code, last } = await refused({ BIND_HOSTNAME: '0.0.0.0' });
    expect(code).toBe(1);
    expect(last['reason']).toContain('DEVOPS_PASSWORD');
    const hawser = await start();
    expect(
      hawser.lines.some(
        (line) => line['level'] === 'warn' && String(line['msg']).includes('default passwords'),
      ),
    ).toBe(true);
  });

  test('for a configuration file that is no JSON', async () => {
    const file = join(data, 'config.json');
    writeFileSync(file, '{');
    expect(await refused({ HAWSER_CONFIG: file })).toMatchObject({ code: 1 });
  });
});

describe('settings', () => {
  test('of a file are taken, unknown ones are warned about with the nearest known', async () => {
    const file = join(data, 'config.json');
    writeFileSync(
      file,
      JSON.stringify({
        ditto: { connectivity: { connection: { 'max-source-number': 1, 'max-targets-number': 2 } } },
      }),
    );
    const hawser = await start({ HAWSER_CONFIG: file });
    const warning = hawser.lines.find((line) => line['msg'] === 'configuration');
    expect(warning?.['warning']).toContain('did you mean ditto.connectivity.connection.max-target-number?');
    const { body } = await hawser.request(
      'GET',
      '/devops/config/connectivity/1?path=ditto.connectivity.connection',
    );
    expect(body).toMatchObject({ config: { 'max-source-number': 1 } });
  });

  test('with secrets are masked', async () => {
    const hawser = await start({ DEVOPS_PASSWORD: 'canary-secret' });
    const response = await fetch(`${hawser.url}/devops/config`, {
      headers: { authorization: basic('devops', 'canary-secret') },
    });
    expect(response.status).toBe(200);
    expect(await response.text()).not.toContain('canary-secret');
    expect(JSON.stringify(hawser.lines)).not.toContain('canary-secret');
  });
});

describe('a connection with a script', () => {
  const scripted = (incomingScript: string) => ({
    id: 'scripted',
    connectionType: 'mqtt',
    connectionStatus: 'closed',
    uri: 'tcp://127.0.0.1:1883',
    mappingDefinitions: { js: { mappingEngine: 'JavaScript', options: { incomingScript } } },
    sources: [{ addresses: ['t'], qos: 1, authorizationContext: ['a:b'], payloadMapping: ['js'] }],
  });

  test('that can be loaded is taken', async () => {
    const hawser = await start();
    const connection = scripted('function mapToDittoProtocolMsg() { return null; }');
    expect(
      await hawser.piggyback({ type: 'connectivity.commands:createConnection', connection }),
    ).toMatchObject({ status: 201 });
  });

  test.each(['f()', 'function (', 'for (;;) {}', 'new Array(2 ** 28).join("abc")'])(
    'that fails while it is loaded is refused, and the service goes on: %s',
    async (script) => {
      const hawser = await start();
      expect(
        await hawser.piggyback({
          type: 'connectivity.commands:createConnection',
          connection: scripted(script),
        }),
      ).toMatchObject({
        status: 400,
        error: 'connectivity:connection.configuration.invalid',
        message: expect.stringContaining('The message mapper configuration failed due to: '),
      });
      expect(
        await hawser.piggyback({
          type: 'connectivity.commands:retrieveConnection',
          connectionId: 'scripted',
        }),
      ).toMatchObject({ status: 404 });
    },
  );
});

describe('the end', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('%s is graceful, exit code 0', async (signal) => {
    const hawser = await start();
    hawser.signal(signal);
    expect(await hawser.exited).toBe(0);
  });

  test('after SIGKILL the folder is free at once', async () => {
    const hawser = await start();
    await hawser.kill();
    await start();
  });
});

describe('the program', () => {
  const hawser = (...args: readonly string[]) =>
    spawnSync(process.execPath, [join(process.cwd(), 'packages/service/bin/hawser.js'), ...args], {
      encoding: 'utf8',
    });

  test('says its version and its usage', () => {
    expect(hawser('--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(hawser('--help').stdout).toContain('hawser start');
    expect(hawser('nonsense').status).toBe(2);
    expect(hawser('start', '--nonsense').status).toBe(2);
  });
});
