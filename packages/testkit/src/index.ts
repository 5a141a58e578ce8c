export { casesOf, type VectorCase } from './conformance/cases.ts';
export { compareJson, compareOutcome, type Difference } from './conformance/compare.ts';
export type { Reader, Readers } from './conformance/reader.ts';
export { readers } from './conformance/readers.ts';
export {
  type CaseResult,
  type Dispute,
  type FamilyResult,
  parseDisputes,
  runFamily,
} from './conformance/run.ts';
export { describeStore, runStoreCase, storeCases, storeCasesFor } from './stores/describeStore.ts';
export { entries, entry, snapshot } from './stores/fixtures.ts';
export type { StoreCase, StoreFactory, StoreOffer, StoreUnderTest } from './stores/storeUnderTest.ts';
export { describeWithServers, type ServerUrls, type TestServer } from './servers/testServers.ts';
