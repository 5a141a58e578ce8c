// A MongoDB-wire server: one that is given, a real mongod, or FerretDB (a Go program, built on first use).
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts, isExecutable, run, startDetached, waitForPort, which } from './process.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, '..', 'ferretdb');
const binary = join(here, '..', '..', 'node_modules', '.cache', 'hawser', 'ferretdb');

export function buildFerretDb() {
  if (existsSync(binary)) return binary;
  mkdirSync(dirname(binary), { recursive: true });
  run('go', ['build', '-o', binary, '.'], { cwd: source });
  return binary;
}

const mongod = () => {
  const given = process.env.MONGOD_BINARY;
  return given !== undefined && isExecutable(given) ? given : which('mongod');
};

export const mongodb = {
  missing: () => {
    if (process.env.HAWSER_TEST_MONGODB_URI || mongod() !== undefined || existsSync(binary)) return undefined;
    return which('go') === undefined
      ? 'no HAWSER_TEST_MONGODB_URI, MONGOD_BINARY, mongod or Go (for FerretDB)'
      : undefined;
  },

  async start(folder, known) {
    const given = process.env.HAWSER_TEST_MONGODB_URI;
    if (given)
      return {
        ports: {},
        pids: [],
        env: { HAWSER_TEST_MONGODB_URI: given, HAWSER_TEST_MONGODB_KIND: 'given' },
      };
    const ports = known ?? (await freePorts(['mongodb']));
    const data = join(folder, 'data');
    mkdirSync(data, { recursive: true });
    const output = join(folder, 'output.log');
    const real = mongod();
    const pid =
      real !== undefined
        ? startDetached(real, ['--bind_ip', '127.0.0.1', '--port', String(ports.mongodb), '--dbpath', data], {
            output,
          })
        : startDetached(buildFerretDb(), [`127.0.0.1:${ports.mongodb}`, data], { output, cwd: folder });
    await waitForPort(ports.mongodb, { pid, name: 'mongodb' });
    return {
      ports,
      pids: [pid],
      env: {
        HAWSER_TEST_MONGODB_URI: `mongodb://127.0.0.1:${ports.mongodb}/`,
        HAWSER_TEST_MONGODB_KIND: real !== undefined ? 'mongod' : 'ferretdb',
        HAWSER_TEST_MONGODB_PID: String(pid),
      },
    };
  },
};
