#!/usr/bin/env node
// The store's contract suite over mongo-java-server, an implementation of MongoDB's protocol that shares no code with
// MongoDB or FerretDB. Fetched from Maven Central on first use; docs/storage.md says what differs.
// usage: node scripts/servers/mongo-java-server.mjs [jest arguments …]
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, run, startDetached, stopPid, waitForPort, which } from './process.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const source = join(root, 'scripts', 'mongo-java-server');
const libraries = join(root, 'node_modules', '.cache', 'hawser', 'mongo-java-server');

for (const program of ['java', 'mvn'])
  if (which(program) === undefined) {
    console.error(`${program} is needed, and not on the PATH`);
    process.exit(2);
  }
if (!existsSync(libraries))
  run('mvn', ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${libraries}`], { cwd: source });

const folder = mkdtempSync(join(tmpdir(), 'hawser-java-'));
const port = await freePort();
const pid = startDetached(
  which('java'),
  ['-cp', join(libraries, '*'), join(source, 'Server.java'), '127.0.0.1', String(port)],
  { output: join(folder, 'output.log'), cwd: folder },
);
try {
  await waitForPort(port, { pid, name: 'mongo-java-server' });
  const { status } = spawnSync(
    process.execPath,
    ['--experimental-vm-modules', '--no-warnings', join(root, 'node_modules/jest/bin/jest.js')].concat(
      ['--selectProjects', 'persistence:integration', '--runInBand', '--testPathPatterns', 'mongoStore'],
      process.argv.slice(2),
    ),
    {
      cwd: root,
      stdio: 'inherit',
      env: {
        ...process.env,
        HAWSER_REQUIRE_SERVERS: '1',
        HAWSER_TEST_MONGODB_URI: `mongodb://127.0.0.1:${port}/`,
        HAWSER_TEST_MONGODB_KIND: 'mongo-java-server',
      },
    },
  );
  process.exitCode = status ?? 1;
} finally {
  await stopPid(pid, { signal: 'SIGKILL' });
  rmSync(folder, { recursive: true, force: true });
}
