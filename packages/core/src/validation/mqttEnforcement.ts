import { DittoError } from '../errors/dittoError.ts';
import type { Enforcement } from '../model/connection.ts';
import type { Placeholder } from '../placeholders/placeholder.ts';
import {
  entityPlaceholder,
  headerPlaceholder,
  policyPlaceholder,
  sourcePlaceholder,
  thingPlaceholder,
} from '../placeholders/placeholders.ts';
import { validateTemplate } from '../placeholders/validateTemplate.ts';
import { configurationInvalid } from './configurationInvalid.ts';

const INPUT = {
  mqtt: { placeholders: [sourcePlaceholder], names: 'source:address' },
  'mqtt-5': { placeholders: [sourcePlaceholder, headerPlaceholder], names: 'source:address, header:<name>' },
};
const FILTER: readonly Placeholder[] = [thingPlaceholder, policyPlaceholder, entityPlaceholder];

/**
 * Enforcement of MQTT sources, whose input may be the topic
 * (connectivity/service/.../messaging/mqtt/AbstractMqttValidator.java, `validateSourceEnforcement`).
 *
 * @throws DittoError `connectivity:connection.configuration.invalid`
 */
export function checkMqttEnforcement(
  { input, filters }: Enforcement,
  place: string,
  type: 'mqtt' | 'mqtt-5',
): void {
  const { placeholders, names } = INPUT[type];
  if (!isValid(input, placeholders))
    throw configurationInvalid(
      `Invalid value '${input}' for configuration 'input' in ${place}`,
      `'${input}' is not a valid value for MQTT enforcement. Valid placeholders are: '${names}'.`,
    );
  if (!filters.every((filter) => isValid(filter, FILTER)))
    throw configurationInvalid(
      `Invalid value '[${filters.join(', ')}]' for configuration 'filters' in ${place}`,
      'Placeholder substitution failed. Please check the placeholder variables against the documentation.',
    );
}

function isValid(template: string, allowed: readonly Placeholder[]): boolean {
  try {
    validateTemplate(template, allowed);
    return true;
  } catch (error) {
    if (error instanceof DittoError) return false;
    throw error;
  }
}
