export { realClock } from './fakes/realClock.ts';
export { type LogLine, RecordingLog } from './fakes/recordingLog.ts';
export { type InsertFault, MongoDouble, type MongoDoubleOptions } from './mongo/mongoDouble.ts';
export { describeWithServers, type ServerUrls, type TestServer } from './servers/testServers.ts';
export { describeStore, runStoreCase, storeCases, storeCasesFor } from './stores/describeStore.ts';
export { entries, entry, snapshot } from './stores/fixtures.ts';
export type { StoreCase, StoreFactory, StoreOffer, StoreUnderTest } from './stores/storeUnderTest.ts';
