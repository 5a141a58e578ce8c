// How `npm start` starts the service, for whatever starts it likewise or measures what it runs.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const [, ...words] = scripts.start.split(' ');
const program = words.findIndex((word) => word.endsWith('.js'));

/** Options of Node. */
export const nodeOptions = words.slice(0, program);
/** The program and its arguments, to be run by Node after its options. */
export const service = [
  fileURLToPath(new URL(`../${words[program]}`, import.meta.url)),
  ...words.slice(program + 1),
];
