import { javaScriptEngine } from '../mapping/javaScriptEngine.ts';
import type { MapperEngine } from '../mapping/mapperEngine.ts';
import { builtInEngines } from '../mapping/mapperEngines.ts';
import { compileHostPolicy, type HostPolicy } from './hostPolicy.ts';
import { untriedScripts } from './untriedScripts.ts';

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
  /** Engines of payload mappers; with `javaScriptEngine(…)` of a real engine scripts are tried out as well. */
  readonly engines: readonly MapperEngine[];
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
  engines: [...builtInEngines, javaScriptEngine(untriedScripts)],
};
