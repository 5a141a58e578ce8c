// An AMQP 1.0 queue broker of our own on Qpid Proton: what RabbitMQ's plugin does not do, and faults to order.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts, isExecutable, startDetached, waitForPort } from './process.mjs';

// The one whose packages are Debian's, whatever else is on the path.
const PYTHON = '/usr/bin/python3';
const BROKER = fileURLToPath(new URL('protonBroker.py', import.meta.url));

export const proton = {
  missing: () => {
    const hasProton = isExecutable(PYTHON) && spawnSync(PYTHON, ['-c', 'import proton']).status === 0;
    return hasProton ? undefined : 'Qpid Proton is not installed (Debian: python3-qpid-proton)';
  },

  async start(folder, known) {
    const ports = known ?? (await freePorts(['amqp10']));
    const pid = startDetached(PYTHON, [BROKER, `127.0.0.1:${ports.amqp10}`], {
      output: join(folder, 'output.log'),
    });
    await waitForPort(ports.amqp10, { pid, name: 'proton' });
    return { ports, pids: [pid], env: { HAWSER_TEST_AMQP10_URL: `amqp://127.0.0.1:${ports.amqp10}` } };
  },
};
