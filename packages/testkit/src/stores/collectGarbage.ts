import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

/** A full collection, so that a bound on the heap is about what is held and not about when the engine last cleaned up. */
export const collectGarbage = (): void => gc();
