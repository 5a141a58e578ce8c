import { configDurationMs, configInt } from '../model/configValue.ts';
import type { Connection } from '../model/connection.ts';
import { parseConnectionUri } from '../model/connectionUri.ts';
import { configurationInvalid } from './configurationInvalid.ts';
import { checkExtraFields, checkHeaderMapping, checkTemplate } from './templateRules.ts';
import { checkScheme } from './uriRules.ts';

const SUPPORTED_METHODS = ['PUT', 'PATCH', 'POST', 'GET', 'DELETE'];
const KNOWN_METHODS = [...SUPPORTED_METHODS, 'CONNECT', 'HEAD', 'OPTIONS', 'TRACE'];

/**
 * HTTP push (connectivity/service/.../messaging/httppush/HttpPushValidator.java).
 * @throws DittoError
 */
export function checkHttpPush(connection: Connection): void {
  const rule = { accepted: ['http', 'https'], secure: 'https', protocolName: 'HTTP' };
  checkScheme(connection, parseConnectionUri(connection.uri), rule);
  if (connection.sources.length > 0)
    throw configurationInvalid("A connection of type 'http-push' may not have any source.");
  for (const target of connection.targets) {
    checkHeaderMapping(target.headerMapping);
    checkTemplate(target.address);
    checkMethod(connection.id, target.address);
    checkExtraFields(target);
  }
}

function checkMethod(id: string, address: string): void {
  const colon = address.indexOf(':');
  const method = address.slice(0, colon);
  if (colon >= 0 && SUPPORTED_METHODS.includes(method)) return;
  const problem =
    colon < 0
      ? "Target address has invalid format. Expect '<VERB>:/<path>', for example 'POST:/api'."
      : `The method '${method}' is not supported`;
  throw configurationInvalid(
    `Target of address '${address}' of connection '${id}': ${problem}`,
    `Supported methods are: ${SUPPORTED_METHODS.join(', ')}`,
  );
}

const MAX_IDLE_SECONDS = 60;

/** @throws DittoError `connectivity:connection.configuration.invalid` */
export function checkHttpPushConfig({ specificConfig }: Connection): void {
  const { idleTimeout, parallelism, omitRequestBody } = specificConfig;
  if (idleTimeout !== undefined) checkIdleTimeout(idleTimeout);
  if (parallelism !== undefined) checkParallelism(parallelism);
  if (omitRequestBody !== undefined) checkMethodNames(omitRequestBody);
}

function checkIdleTimeout(text: string): void {
  const ms = configDurationMs(text);
  if (ms !== undefined && ms >= 0 && ms <= MAX_IDLE_SECONDS * 1000) return;
  const shown = ms === undefined ? text : Math.floor(ms / 1000);
  throw configurationInvalid(
    `Idle timeout '${shown}' is not within the allowed range of [0, ${MAX_IDLE_SECONDS}] seconds.`,
    'Please adjust the timeout to be within the allowed range.',
  );
}

function checkParallelism(text: string): void {
  const value = configInt(text);
  if (value === undefined || value <= 0)
    throw configurationInvalid(
      `The configured value '${value ?? text}' of 'parallelism' is invalid. It must be a positive integer.`,
    );
}

function checkMethodNames(text: string): void {
  const names = text.split(',');
  while (names.length > 1 && names.at(-1) === '') names.pop();
  const unknown = names.find((name) => name !== '' && !KNOWN_METHODS.includes(name));
  if (unknown !== undefined)
    throw configurationInvalid(
      `The configured value '[${names.join(', ')}]' of 'omitRequestBody' is invalid. It contains an invalid HTTP method: ${unknown}`,
    );
}
