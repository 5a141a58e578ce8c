import type { Readers } from './reader.ts';
import { acknowledgementReaders } from './readers/acknowledgements.ts';
import { commandReaders } from './readers/commands.ts';
import { connectionReaders } from './readers/connections.ts';
import { expressionReaders } from './readers/expressions.ts';
import { filterReaders } from './readers/filters.ts';
import { mappingReaders } from './readers/mapping.ts';
import { protocolReaders } from './readers/protocol.ts';
import { scenarioReaders } from './readers/scenarios.ts';
import { signingReaders } from './readers/signing.ts';

/** Every reader of the runner, by the key of `VectorCase.reader`. */
export const readers: Readers = {
  ...acknowledgementReaders,
  ...commandReaders,
  ...connectionReaders,
  ...expressionReaders,
  ...filterReaders,
  ...mappingReaders,
  ...protocolReaders,
  ...scenarioReaders,
  ...signingReaders,
};
