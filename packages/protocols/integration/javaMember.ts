import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';

/** A consumer with Java's client in a process of its own: its lines are what it reads, and how many partitions it has. */
export function startJavaMember(
  bootstrap: string,
  groupId: string,
  topic: string,
): { readonly child: ChildProcess; readonly lines: Interface } {
  const root = process.cwd();
  const libraries = join(root, 'node_modules/.cache/hawser/kafka/*');
  const child = spawn(
    'java',
    ['-Dorg.slf4j.simpleLogger.defaultLogLevel=error', '-cp', libraries].concat(
      join(root, 'scripts/kafka/Member.java'),
      [bootstrap, groupId, topic],
    ),
    { stdio: ['pipe', 'pipe', 'ignore'] },
  );
  return { child, lines: createInterface({ input: child.stdout }) };
}
