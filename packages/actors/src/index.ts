export {
  type ActorSystem,
  type ActorSystemParts,
  type ActorSystemStats,
  startActorSystem,
} from './actorSystem.ts';
export {
  type ClientSessionsOptions,
  createClientSessions,
  type ObservedConnection,
  type ObservedSessions,
} from './client/clientSessions.ts';
export { defaultLineConfig, type LineConfig } from './client/config.ts';
export type { SocketProbe } from './client/socketProbe.ts';
export { type ActorsConfig, defaultActorsConfig, type PingConfig, type RecoveryConfig } from './config.ts';
export type { ConnectionRules } from './connection/connectionActor.ts';
export type { SettleMode } from './pipeline/delivery.ts';
export { identityOf, type LogIdentity } from './pipeline/logContext.ts';
export { genericText } from './pipeline/logDefaults.ts';
export {
  type LogCall,
  type LogKind,
  type LogLimits,
  type LogPublish,
  publishedText,
  recordJson,
  shownRecord,
} from './pipeline/logRing.ts';
export { LogTimings, SampledTiming } from './pipeline/logTimings.ts';
export { Monitor, type Tail } from './pipeline/monitor.ts';
export type { ThrottleLimit } from './pipeline/throttling.ts';
export { Timing, timingBounds } from './pipeline/timings.ts';
export type { Subscriber } from './pubSub.ts';
export type { SingleHandler } from './singles/single.ts';
export { InProcessTwin, type InProcessTwinOptions } from './twin/inProcessTwin.ts';
export { SignalRouter } from './twin/signalRouter.ts';
