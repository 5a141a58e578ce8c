import type { DittoError } from '../errors/dittoError.ts';
import type { MappingContext } from '../model/connection.ts';
import { compileHostPolicy, type HostLookup, type HostPolicy, noLookup } from './hostPolicy.ts';
import { type MapperCatalogue, staticMapperCatalogue } from './mapperRules.ts';

/** What the service's configuration says about connections that it accepts. */
export interface ValidationConfig {
  readonly maxSources: number;
  readonly maxTargets: number;
  /** Payload mappings of one source. */
  readonly maxSourceMappers: number;
  /** Payload mappings of one target. */
  readonly maxTargetMappers: number;
  readonly hosts: HostPolicy;
  /** OAuth2 client credentials only over https (`http-push.oauth2.enforce-https`). */
  readonly enforceHttpsForOAuth2: boolean;
  /** Names of `http-push.hmac-algorithms`, valid for AMQP 1.0 as well. */
  readonly hmacAlgorithms: readonly string[];
  readonly mappers: MapperCatalogue;
}

export const defaultValidationConfig: ValidationConfig = {
  maxSources: 4,
  maxTargets: 4,
  maxSourceMappers: 10,
  maxTargetMappers: 10,
  hosts: compileHostPolicy({
    allowedHostnames: ['hono-endpoint'],
    blockedHostnames: [],
    blockedSubnets: [],
    blockedHostRegex: '',
    profile: 'ditto',
  }),
  enforceHttpsForOAuth2: true,
  hmacAlgorithms: ['aws4-hmac-sha256', 'az-monitor-2016-04-01', 'az-sasl'],
  mappers: staticMapperCatalogue,
};

/** What was found out about a connection before its validation, which itself waits for nothing. */
export interface ValidationFacts {
  readonly lookup: HostLookup;
  /** Why the scripts of mapping definitions cannot be run, by the id of the definition. */
  readonly brokenMappers: ReadonlyMap<string, DittoError>;
}

export const noFacts: ValidationFacts = { lookup: noLookup, brokenMappers: new Map() };

/** How facts are found out. */
export interface FactFinder {
  /** Never asked for address literals. Must not reject: a failure is an answer. */
  resolveHost(host: string): ReturnType<HostLookup> | Promise<ReturnType<HostLookup>>;
  /** Tries a mapping definition out, with a bound on its time; the error says why it cannot be used. */
  tryMapper?(id: string, context: MappingContext): Promise<DittoError | undefined>;
}
