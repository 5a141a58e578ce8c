export { type AdapterTraits, type BrokerConnection, type TestBroker, describeAdapter } from './adapters/describeAdapter.ts';
export {
  type AdapterTraits,
  type BrokerConnection,
  describeAdapter,
  type TestBroker,
} from './adapters/describeAdapter.ts';
export { fakeCompile } from './adapters/fakeCompile.ts';
export { sampleConnection, sampleSource, sampleTarget } from './adapters/sampleConnection.ts';
export { silentLog } from './adapters/silentLog.ts';
export { systemClock } from './adapters/systemClock.ts';
export { type TcpProxy, startTcpProxy } from './adapters/tcpProxy.ts';
export { type VectorCase, casesOf } from './conformance/cases.ts';
export { type Difference, compareJson, compareOutcome } from './conformance/compare.ts';
export type { Reader, Readers } from './conformance/reader.ts';
export { readers } from './conformance/readers.ts';
export { type CaseResult, type Dispute, type FamilyResult, parseDisputes, runFamily } from './conformance/run.ts';
export {
  type CaseResult,
  type Dispute,
  type FamilyResult,
  parseDisputes,
  runFamily,
} from './conformance/run.ts';
export { FakeMonitor, type FakeSession, FakeSessions } from './fakes/fakeSessions.ts';
export { FakeStore, type StoreFault } from './fakes/fakeStore.ts';
export { realClock } from './fakes/realClock.ts';
export { type LogLine, RecordingLog } from './fakes/recordingLog.ts';
export { VirtualClock, turns } from './fakes/virtualClock.ts';
export { type ServerUrls, type TestServer, describeWithServers } from './servers/testServers.ts';
export { describeStore, runStoreCase, storeCases, storeCasesFor } from './stores/describeStore.ts';
export { entries, entry, snapshot } from './stores/fixtures.ts';
export type { StoreCase, StoreFactory, StoreOffer, StoreUnderTest } from './stores/storeUnderTest.ts';
