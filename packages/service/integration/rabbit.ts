import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SCRIPT = join(process.cwd(), 'scripts/servers.mjs');

/** The RabbitMQ of this test run, to be frozen, stopped and started again on the same port with its data. */
export const rabbit = {
  pid(): number {
    const folder = process.env['HAWSER_SERVERS_DIR'] ?? '';
    const state = JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8')) as {
      rabbitmq: { pids: number[] };
    };
    return state.rabbitmq.pids[0] ?? -1;
  },
  freeze: () => process.kill(rabbit.pid(), 'SIGSTOP'),
  thaw: () => process.kill(rabbit.pid(), 'SIGCONT'),
  stop: async () => {
    await run(process.execPath, [SCRIPT, 'stop', 'rabbitmq']);
  },
  start: async () => {
    await run(process.execPath, [SCRIPT, 'up', 'rabbitmq']);
  },
};
