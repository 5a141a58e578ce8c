import { mapperConfigurationInvalid } from '../errors/connectivityErrors.ts';
import { DittoError } from '../errors/dittoError.ts';
import { isJsonObject, type JsonObject } from '../json/jsonValue.ts';
import type { PlaceholderContext } from '../placeholders/placeholder.ts';
import { hasPlaceholder } from '../placeholders/scanTemplate.ts';
import type { CompiledTemplate } from '../placeholders/template.ts';
import { buildHeaders, withHeaders } from '../protocol/dittoHeaders.ts';
import type { Adaptable } from '../protocol/signal.ts';
import { createThing as createThingDefinition } from '../signals/createThing.ts';
import { checkPolicyId, checkThingId, splitId } from '../signals/entityId.ts';
import { jsonFromText } from './dittoMapper.ts';
import type { MapperEngine } from './mapperEngine.ts';
import { optionBoolean, optionText, optionTexts } from './mapperOptions.ts';
import { compileOptions } from './optionTemplates.ts';
import { compileThingTemplate } from './thingTemplate.ts';

/**
 * Creates the thing of a device that is heard of for the first time, from a template
 * (connectivity/service/.../ImplicitThingCreationMessageMapper.java). Command headers are resolved anew for each message,
 * unlike in Ditto, where the values of the first one stayed.
 */
export const implicitThingCreationEngine: MapperEngine = {
  alias: 'ImplicitThingCreation',
  needsDefinition: true,
  defaultOptions: {},
  create(options) {
    const text = optionText(options, 'thing');
    if (text === undefined) throw mapperConfigurationInvalid('thing');
    checkTemplate(text);
    const thing = compileThingTemplate(text);
    const headers = compileOptions({ 'if-none-match': '*', ...optionTexts(options, 'commandHeaders') });
    const lockout = String(optionBoolean(options, 'allowPolicyLockout') ?? true);
    return {
      mapInbound: (_message, context) => [createThing(thing(context), headersOf(headers, lockout, context))],
      mapOutbound: (adaptable) => rethrowError(adaptable),
    };
  },
};

/** Ids that are fixed must be valid: with a wrong one the connection cannot be used. */
function checkTemplate(text: string): void {
  const thing = jsonFromText(text);
  const thingId = isJsonObject(thing) ? thing['thingId'] : undefined;
  if (!isJsonObject(thing) || typeof thingId !== 'string') throw mapperConfigurationInvalid('thing/thingId');
  if (!hasPlaceholder(thingId)) checkThingId(thingId);
  const policyId = thing['policyId'];
  if (typeof policyId === 'string' && !hasPlaceholder(policyId)) checkPolicyId(policyId);
}

function headersOf(
  templates: readonly (readonly [string, CompiledTemplate])[],
  allowPolicyLockout: string,
  context: PlaceholderContext,
): Readonly<Record<string, string>> {
  const resolved: [string, string][] = [];
  for (const [name, template] of templates) {
    const value = template.first(context);
    if (value !== undefined) resolved.push([name, value]);
  }
  return withHeaders(buildHeaders(Object.fromEntries(resolved)), {
    'allow-policy-lockout': allowPolicyLockout,
  });
}

/** The command that creates the thing, checked and brought into the form of its model. */
function createThing(thing: JsonObject, headers: Readonly<Record<string, string>>): Adaptable {
  const thingId = typeof thing['thingId'] === 'string' ? thing['thingId'] : '';
  const [namespace, name] = splitId(checkThingId(thingId));
  const topic = { ...CREATE_TWIN, namespace, name };
  return createThingDefinition.make({ topic, headers, path: '/', value: thing }, headers).adaptable;
}

const CREATE_TWIN = {
  group: 'things',
  channel: 'twin',
  criterion: 'commands',
  action: 'create',
  subject: undefined,
} as const;

/** An error that comes back ends as a failed mapping, so that it is logged; everything else is dropped. */
function rethrowError({ topic, value, status }: Adaptable): readonly [] {
  if (topic.criterion !== 'errors' || !isJsonObject(value)) return [];
  const { error, message, description, href } = value;
  const own = value['status'];
  throw new DittoError({
    status: typeof own === 'number' ? own : (status ?? 500),
    code: typeof error === 'string' ? error : 'unknown',
    message: typeof message === 'string' ? message : '',
    description: typeof description === 'string' ? description : undefined,
    href: typeof href === 'string' ? href : undefined,
  });
}
