/* What scripts use: nothing here needs jest. */
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
