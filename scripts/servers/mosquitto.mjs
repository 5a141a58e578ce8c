// Eclipse Mosquitto: MQTT 3.1.1 and 5, one open listener and one with a password (alice / s3cret).
import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { freePorts, run, startDetached, waitForPort, which } from './process.mjs';

export const mosquitto = {
  missing: () =>
    which('mosquitto') === undefined ? 'mosquitto is not installed (Debian: mosquitto)' : undefined,

  async start(folder, known) {
    const ports = known ?? (await freePorts(['mqtt', 'mqttAuth']));
    const passwords = join(folder, 'passwords');
    run(which('mosquitto_passwd'), ['-c', '-b', passwords, 'alice', 's3cret']);
    const config = join(folder, 'mosquitto.conf');
    writeFileSync(
      config,
      `per_listener_settings true
user ${userInfo().username}
persistence true
persistence_location ${folder}/
autosave_interval 1
set_tcp_nodelay true
max_inflight_messages 0
max_queued_messages 0
listener ${ports.mqtt} 127.0.0.1
allow_anonymous true
listener ${ports.mqttAuth} 127.0.0.1
allow_anonymous false
password_file ${passwords}
`,
    );
    const pid = startDetached(which('mosquitto'), ['-c', config], { output: join(folder, 'output.log') });
    await waitForPort(ports.mqtt, { pid, name: 'mosquitto' });
    return {
      ports,
      pids: [pid],
      env: {
        HAWSER_TEST_MQTT_URL: `tcp://127.0.0.1:${ports.mqtt}`,
        HAWSER_TEST_MQTT_AUTH_URL: `tcp://alice:s3cret@127.0.0.1:${ports.mqttAuth}`,
      },
    };
  },
};
