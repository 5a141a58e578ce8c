export { silentLog } from '@hawser/core';
export {
  type AdapterTraits,
  type BrokerConnection,
  describeAdapter,
  type TestBroker,
} from './adapters/describeAdapter.ts';
export { fakeCompile } from './adapters/fakeCompile.ts';
export { sampleConnection, sampleSource, sampleTarget } from './adapters/sampleConnection.ts';
export { startTcpProxy, type TcpProxy } from './adapters/tcpProxy.ts';
export type { Reader, Readers } from './conformance/reader.ts';
export { readers } from './conformance/readers.ts';
export {
  parseDisputes,
  runFamily,
} from './conformance/run.ts';
export { FakeMonitor, type FakeSession, FakeSessions } from './fakes/fakeSessions.ts';
export { FakeStore, type StoreFault } from './fakes/fakeStore.ts';
export { realClock } from './fakes/realClock.ts';
export { type LogLine, RecordingLog } from './fakes/recordingLog.ts';
export { turns, VirtualClock } from './fakes/virtualClock.ts';
export { checkModel, type ModelReport, type ModelRunOptions } from './model/checkModel.ts';
export type { ModelAction } from './model/modelAction.ts';
export type { ModelBreak } from './model/modelGround.ts';
export type { ModelSystem, StartModelSystem } from './model/modelProcess.ts';
export { ModelViolation, ModelWorld } from './model/modelWorld.ts';
export { type InsertFault, MongoDouble, type MongoDoubleOptions } from './mongo/mongoDouble.ts';
export { makeTopics } from './servers/makeTopics.ts';
export { describeWithServers, type ServerUrls, type TestServer } from './servers/testServers.ts';
export { describeStore } from './stores/describeStore.ts';
export { collect, entries, entry, snapshot } from './stores/fixtures.ts';
export type { StoreCase, StoreFactory, StoreOffer, StoreUnderTest } from './stores/storeUnderTest.ts';
