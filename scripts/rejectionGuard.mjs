// Preloaded into jest and its workers: notes rejections that nobody handles and that fall between or after tests, where
// jest does not see them (within a test it fails that test). scripts/test.mjs fails the run when there is any.
import { appendFileSync } from 'node:fs';

const file = process.env.HAWSER_REJECTIONS;
// programs that tests start inherit the preload: they must end of it as in production
const isJest = /[\\/]jest(-worker)?[\\/]/.test(process.argv[1] ?? '');

if (file !== undefined && isJest) {
  process.on('unhandledRejection', (reason) => {
    const text = reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
    appendFileSync(file, `unhandled rejection: ${text}\n`);
  });
}
