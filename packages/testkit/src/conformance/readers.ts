import type { Readers } from './reader.ts';

/** Every reader of the runner, by the key of `VectorCase.reader`. */
export const readers: Readers = {};
