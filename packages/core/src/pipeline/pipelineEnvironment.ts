import type { MapperEngine } from '../mapping/mapperEngine.ts';
import type { PipelineObserver } from './pipelineObserver.ts';

/** What the line of a connection needs of the world and of the service's configuration. */
export interface PipelineEnvironment {
  /** Wall time, ms since 1970. */
  readonly now: () => number;
  /** A fresh random UUID. */
  readonly newId: () => string;
  /** Every engine that definitions may name. */
  readonly engines: readonly MapperEngine[];
  readonly limits: PipelineLimits;
  /** Absent in operation. */
  readonly observe?: PipelineObserver;
}

/** `ditto.connectivity.mapping.mapper-limits`, and the header limits of Ditto's edge. */
export interface PipelineLimits {
  /** Most messages that one mapper makes of one. */
  readonly maxMappedInboundMessages: number;
  readonly maxMappedOutboundMessages: number;
  /** Names and values of a mapped signal's headers together, characters. */
  readonly maxHeaderSize: number;
  readonly maxAuthSubjects: number;
}

export const defaultPipelineLimits: PipelineLimits = {
  maxMappedInboundMessages: 10,
  maxMappedOutboundMessages: 10,
  maxHeaderSize: 5000,
  maxAuthSubjects: 100,
};
