import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { type Config, ConfigError } from '../config/config.ts';

export interface Tls {
  readonly cert: string;
  readonly key: string;
}

/** PEM of the listener's certificate and key; undefined when it speaks plain HTTP. @throws ConfigError for files of no use */
export function tlsOf(config: Config): Tls | undefined {
  const files = { cert: config['hawser.http.tls-cert'], key: config['hawser.http.tls-key'] };
  if (files.cert === '' && files.key === '') return undefined;
  if (files.cert === '' || files.key === '') {
    throw new ConfigError('HAWSER_TLS_CERT and HAWSER_TLS_KEY are needed together');
  }
  const tls = { cert: read('HAWSER_TLS_CERT', files.cert), key: read('HAWSER_TLS_KEY', files.key) };
  try {
    createSecureContext(tls);
  } catch (error) {
    throw new ConfigError(
      `HAWSER_TLS_CERT and HAWSER_TLS_KEY cannot be used together: ${(error as Error).message}`,
    );
  }
  return tls;
}

function read(variable: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`${variable}: ${path} cannot be read: ${(error as Error).message}`);
  }
}
