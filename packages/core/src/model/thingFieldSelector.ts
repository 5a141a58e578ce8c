import { makeError } from '../errors/makeError.ts';
import { parseFieldSelector } from '../json/fieldSelector.ts';
import { hasPlaceholder } from '../placeholders/scanTemplate.ts';

/** things/model/.../ThingFieldSelector.java; printed in the error's description. */
const SELECTABLE_FIELDS = [
  'thingId',
  'policyId',
  'definition',
  '_namespace',
  '_revision',
  '_created',
  '_modified',
  '_metadata(/[^,]+)?',
  '_policy',
  '_context',
  '_context(/[^,]+)?',
  'features(/[^,]+)?',
  'attributes(/[^,]+)?',
] as const;
const SELECTABLE_FIELD = new RegExp(`^/?(?:${SELECTABLE_FIELDS.join('|')})$`);

/**
 * Returns the selector text itself when it names fields of a thing; one with placeholders can only be judged when they are resolved.
 * @throws DittoError `things:field.selection.invalid`, `json.fieldselector.invalid`
 */
export function parseThingFieldSelector(text: string): string {
  parseFieldSelector(text);
  if (hasPlaceholder(text) || text.split(',').every((field) => SELECTABLE_FIELD.test(field))) return text;
  throw makeError('things:field.selection.invalid', `Thing field selection <${text}> was not valid.`, {
    description: `Please provide a comma separated List of valid Thing fields. Make sure that you did not use a space after a comma. Valid Fields are: [${SELECTABLE_FIELDS.join(', ')}]`,
  });
}
