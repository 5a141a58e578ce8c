import type { TokenVerifier } from '@hawser/http';
import type { Config } from './config/config.ts';

/** The check of bearer tokens, when an issuer is configured. */
export function tokenVerifierOf(_config: Config, _subjects: readonly string[]): TokenVerifier | undefined {
  return undefined;
}
