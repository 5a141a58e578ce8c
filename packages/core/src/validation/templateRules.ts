import type { Enforcement, HeaderMapping, Target } from '../model/connection.ts';
import { alone, type Placeholder } from '../placeholders/placeholder.ts';
import {
  allPlaceholders,
  connectionPlaceholder,
  entityPlaceholder,
  featurePlaceholder,
  headerPlaceholder,
  policyPlaceholder,
  thingPlaceholder,
} from '../placeholders/placeholders.ts';
import { hasPlaceholder } from '../placeholders/scanTemplate.ts';
import { compileTemplate } from '../placeholders/template.ts';
import { replaceInTemplate, validateTemplate } from '../placeholders/validateTemplate.ts';
import { asConfigurationInvalid } from './configurationInvalid.ts';

/*
 * Templates of a connection: what each may hold (connectivity/service/.../validation/AbstractProtocolValidator.java).
 */

const MISSING_DESCRIPTION = 'Check the spelling and syntax of the placeholder.';

/** @throws DittoError `connectivity:connection.configuration.invalid` with the text of the placeholder's error */
export function checkTemplate(template: string, allowed: readonly Placeholder[] = allPlaceholders): void {
  if (!mayHoldPlaceholder(template)) return;
  asConfigurationInvalid(() => validateTemplate(template, allowed), MISSING_DESCRIPTION);
}

/** The template with a dummy for each placeholder; of several results the first. @throws as `checkTemplate` */
export function replaceInCheckedTemplate(template: string, dummy: string): string {
  if (!mayHoldPlaceholder(template)) return template;
  const [text = ''] = asConfigurationInvalid(
    () => replaceInTemplate(template, dummy, allPlaceholders),
    MISSING_DESCRIPTION,
  );
  return text;
}

const mayHoldPlaceholder = (template: string): boolean => template.includes('{');

export function checkHeaderMapping(mapping: HeaderMapping): void {
  for (const key of Object.keys(mapping)) checkTemplate(mapping[key] ?? '');
}

const ENFORCEMENT_INPUT: readonly Placeholder[] = [headerPlaceholder];
const ENFORCEMENT_FILTER: readonly Placeholder[] = [
  thingPlaceholder,
  policyPlaceholder,
  entityPlaceholder,
  featurePlaceholder,
];

/** Enforcement of every type but MQTT. */
export function checkEnforcement({ input, filters }: Enforcement): void {
  checkTemplate(input, ENFORCEMENT_INPUT);
  for (const filter of filters) checkTemplate(filter, ENFORCEMENT_FILTER);
}

/** Unlike other templates, these fail with the placeholder's own error. @throws DittoError `placeholder:*` */
export function checkExtraFields({ topics }: Target): void {
  for (const { extraFields } of topics) {
    if (extraFields !== undefined && hasPlaceholder(extraFields))
      validateTemplate(extraFields, allPlaceholders);
  }
}

/** A template in which only `connection:id` may stand; undefined when nothing is left of it. @throws DittoError `placeholder:*` */
export function resolveConnectionId(template: string, connectionId: string): string | undefined {
  if (!mayHoldPlaceholder(template)) return template;
  return compileTemplate(template, alone(connectionPlaceholder)).first({ connectionId });
}
