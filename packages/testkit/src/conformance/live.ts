/**
 * Readers that need a running service. They stand in `scripts/conformance`, since this package knows no service: `npm run
 * conformance` runs their families, and an integration suite of the service.
 */
export const liveReaderNames: ReadonlySet<string> = new Set(['commands:http-case', 'commands:http-request']);

/** Families with mapping scripts: their readers are `scriptReaders` over the service's engine. */
export const scriptFamilies: readonly string[] = [
  'oracle/connection-validation',
  'oracle/javascript-mapping',
  'pipeline/mapping-javascript',
];
