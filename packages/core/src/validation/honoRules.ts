import type { Connection, Source, Target } from '../model/connection.ts';
import { configurationInvalid } from './configurationInvalid.ts';
import { checkEnforcement, checkExtraFields } from './templateRules.ts';

const SOURCE_ALIASES: readonly string[] = ['telemetry', 'event', 'command_response'];
const TARGET_ALIAS = 'command';

/**
 * Hono as configured, with aliases for addresses (connectivity/service/.../messaging/hono/HonoValidator.java).
 * @throws DittoError
 */
export function checkHono({ sources, targets }: Connection): void {
  for (const source of sources) checkSource(source);
  for (const target of targets) checkTarget(target);
}

function checkSource({ enforcement, addresses, qos }: Source): void {
  if (enforcement !== undefined) checkEnforcement(enforcement);
  for (const address of addresses) {
    if (address === '') throw configurationInvalid('The provided source address must not be empty.');
    if (!SOURCE_ALIASES.includes(address))
      throw configurationInvalid(
        `The provided source address <${address}> is invalid. It should be one of the defined aliases: [${SOURCE_ALIASES.join(', ')}]`,
      );
  }
  if (qos !== undefined && qos !== 0 && qos !== 1)
    throw configurationInvalid(`Invalid source 'qos' value <${qos}>. Supported values are <0> and <1>.`);
}

function checkTarget(target: Target): void {
  const { address } = target;
  if (address === '') throw configurationInvalid('The provided target address must not be empty.');
  if (address !== TARGET_ALIAS)
    throw configurationInvalid(
      `The provided target address <${address}> is invalid. It should be <${TARGET_ALIAS}>.`,
    );
  checkExtraFields(target);
}
