// RabbitMQ: AMQP 0.9.1, AMQP 1.0 (plugin), management; its own epmd, so that both are stopped by pid.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts, isExecutable, startDetached, waitForPort, which } from './process.mjs';

// The wrapper in sbin insists on root or user rabbitmq; this one runs as anybody.
const SERVER = '/usr/lib/rabbitmq/bin/rabbitmq-server';

export const rabbitmq = {
  missing: () => {
    if (!isExecutable(SERVER)) return 'rabbitmq-server is not installed (Debian: rabbitmq-server)';
    return which('epmd') === undefined ? 'epmd is not installed (Debian: erlang-base)' : undefined;
  },

  async start(folder, known) {
    const ports = known ?? (await freePorts(['amqp', 'management', 'dist', 'epmd']));
    for (const sub of ['mnesia', 'log']) mkdirSync(join(folder, sub), { recursive: true });
    writeFileSync(join(folder, 'enabled_plugins'), '[rabbitmq_amqp1_0,rabbitmq_management].\n');
    writeFileSync(
      join(folder, 'rabbitmq.conf'),
      `listeners.tcp.1 = 127.0.0.1:${ports.amqp}
management.tcp.ip = 127.0.0.1
management.tcp.port = ${ports.management}
log.console = false
vm_memory_high_watermark.absolute = 1GB
disk_free_limit.absolute = 50MB
`,
    );
    const env = {
      ...process.env,
      HOME: folder,
      RABBITMQ_NODENAME: `hawser${ports.amqp}@localhost`,
      RABBITMQ_CONF_ENV_FILE: '/dev/null',
      RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
      RABBITMQ_LOG_BASE: join(folder, 'log'),
      RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
      RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
      RABBITMQ_PID_FILE: join(folder, 'rabbit.pid'),
      RABBITMQ_DIST_PORT: String(ports.dist),
      ERL_EPMD_PORT: String(ports.epmd),
      ERL_EPMD_ADDRESS: '127.0.0.1',
      // without it the distribution port listens on every address
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    };
    const output = join(folder, 'output.log');
    const epmd = startDetached(which('epmd'), ['-port', String(ports.epmd), '-address', '127.0.0.1'], {
      env,
      output,
    });
    await waitForPort(ports.epmd, { pid: epmd, name: 'epmd' });
    const launcher = startDetached(SERVER, [], { env, output });
    await waitForPort(ports.amqp, { pid: launcher, name: 'rabbitmq', timeoutMs: 90_000 });
    await waitForPort(ports.management, { pid: launcher, name: 'rabbitmq', timeoutMs: 30_000 });
    const pid = Number(readFileSync(join(folder, 'rabbit.pid'), 'utf8').trim());
    return {
      ports,
      pids: [pid, epmd],
      env: {
        HAWSER_TEST_AMQP_URL: `amqp://guest:guest@127.0.0.1:${ports.amqp}`,
        HAWSER_TEST_RABBITMQ_MANAGEMENT_URL: `http://guest:guest@127.0.0.1:${ports.management}`,
        HAWSER_TEST_RABBITMQ_PID: String(pid),
      },
    };
  },
};
