#!/usr/bin/env node
// Real servers for tests, without Docker and systemd: free loopback ports, one temporary folder, stopped by pid.
// usage: node scripts/servers.mjs up|down|status|stop|restart [mosquitto rabbitmq mongodb kafka …]
// The folder is HAWSER_SERVERS_DIR, by default hawser-servers-<uid> below the system's temporary folder.
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Fleet, serverNames, whyMissing } from './servers/fleet.mjs';

const [verb, ...given] = process.argv.slice(2);
const folder = process.env.HAWSER_SERVERS_DIR ?? join(tmpdir(), `hawser-servers-${userInfo().uid}`);
const fleet = new Fleet(folder);
const names = given.length > 0 ? given : serverNames;

const verbs = {
  async up() {
    for (const name of names) await fleet.up(name);
    print(fleet.env());
  },
  async down() {
    await fleet.down();
  },
  status() {
    print(
      Object.fromEntries(names.map((name) => [name, fleet.isUp(name) ? 'up' : (whyMissing(name) ?? 'down')])),
    );
  },
  async stop() {
    for (const name of names) await fleet.stop(name);
  },
  async restart() {
    for (const name of names) {
      await fleet.stop(name);
      await fleet.up(name);
    }
    print(fleet.env());
  },
};

if (!Object.hasOwn(verbs, verb)) {
  console.error(`usage: node scripts/servers.mjs ${Object.keys(verbs).join('|')} [${serverNames.join(' ')}]`);
  process.exit(2);
}
try {
  await verbs[verb]();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

function print(value) {
  console.log(JSON.stringify(value, null, 2));
}
