/**
 * Readers that need a running service. They stand in `scripts/conformance`, since this package knows no service: `npm run
 * conformance` runs their families, and an integration suite of the service.
 */
export const liveReaderNames: ReadonlySet<string> = new Set(['commands:http-case', 'commands:http-request']);
