import type { Readers } from './reader.ts';
import { connectionReaders } from './readers/connections.ts';
import { expressionReaders } from './readers/expressions.ts';
import { mappingReaders } from './readers/mapping.ts';
import { protocolReaders } from './readers/protocol.ts';
import { signingReaders } from './readers/signing.ts';

/** Every reader of the runner, by the key of `VectorCase.reader`. */
export const readers: Readers = {
  ...connectionReaders,
  ...expressionReaders,
  ...mappingReaders,
  ...protocolReaders,
  ...signingReaders,
};
