import type { DittoError } from '../errors/dittoError.ts';
import { registeredError } from '../errors/registeredError.ts';
import { keysOf } from '../placeholders/thingOfSignal.ts';
import type { Signal } from '../protocol/signal.ts';
import { thingResourceAt } from '../signals/thingResources.ts';

/*
 * How commands about things, messages and live events are refused. The texts are those of the exceptions of Ditto's model,
 * which name some paths in full (things/model/.../signals/commands/exceptions/*.java).
 */

const LACKING_WRITE = 'could not be modified as the requester had insufficient permissions';
const LACKING = 'the requester had insufficient permissions';

/** What a refusal tells of a command. */
interface Refused {
  readonly id: string;
  readonly path: string;
  readonly featureId: string;
  /** Of the command's path; `thing` for merges and migrations, whatever their path. */
  readonly resource: string;
}

function refused({ entityId, resourcePath, category }: Signal): Refused {
  const keys = keysOf(resourcePath);
  const isWhole = category === 'MERGE' || category === 'MIGRATE';
  return {
    id: entityId ?? '',
    path: resourcePath,
    featureId: keys[1] ?? '',
    resource: isWhole ? 'thing' : (thingResourceAt(keys) ?? 'thing'),
  };
}

/** The requester may not write (things/model/.../ThingCommandToModifyExceptionRegistry.java). */
export function thingNotModifiable(command: Signal): DittoError {
  const { id, path, featureId, resource } = refused(command);
  const required = '(WRITE is required).';
  const onThing = `on the Thing with ID '${id}'`;
  const ofFeature = `of the Feature with ID '${featureId}' ${onThing}`;
  const all = `cannot be modified as ${LACKING} to modify it ${required}`;
  const one = `${LACKING_WRITE} to modify it ${required}`;
  switch (resource) {
    case 'policyId':
      return registeredError(
        'things:policyId.notmodifiable',
        `The Policy ID of the Thing with ID '${id}' ${LACKING_WRITE} ${required}`,
      );
    case 'definition':
      return registeredError(
        'things:definition.notmodifiable',
        `The Definition ${onThing} ${LACKING_WRITE} ${required}`,
      );
    case 'attributes':
      return registeredError(
        'things:attributes.notmodifiable',
        `The Attributes ${onThing} ${LACKING_WRITE} ${required}`,
      );
    case 'attribute':
      return registeredError(
        'things:attribute.notmodifiable',
        ` The Attribute with name '${path}' ${onThing} ${LACKING_WRITE} ${required}`,
      );
    case 'features':
      return registeredError(
        'things:features.notmodifiable',
        `The Features ${onThing} cannot be modified as requester had insufficient permissions to modify it ${required}`,
      );
    case 'feature':
      return registeredError(
        'things:feature.notmodifiable',
        `The Feature with ID '${featureId}' ${onThing} ${one}`,
      );
    case 'featureDefinition':
      return registeredError('things:feature.definition.notmodifiable', `The Definition ${ofFeature} ${all}`);
    case 'featureProperties':
      return registeredError('things:feature.properties.notmodifiable', `The Properties ${ofFeature} ${all}`);
    case 'featureProperty':
      return registeredError(
        'things:feature.property.notmodifiable',
        `The Property with JSON Pointer '${path}' ${ofFeature} ${one}`,
      );
    case 'featureDesiredProperties':
      return registeredError(
        'things:feature.desiredProperties.notmodifiable',
        `The desired properties ${ofFeature} ${all}`,
      );
    case 'featureDesiredProperty':
      return registeredError(
        'things:feature.desiredProperty.notmodifiable',
        `The desired property with JSON Pointer '${path}' ${ofFeature} ${one}`,
      );
    default:
      return command.category === 'DELETE'
        ? registeredError(
            'things:thing.notdeletable',
            `The Thing with ID '${id}' could not be deleted as the requester had insufficient permissions ( WRITE on root resource is required).`,
          )
        : registeredError(
            'things:thing.notmodifiable',
            `The Thing with ID '${id}' ${LACKING_WRITE} ${required}`,
          );
  }
}

/** The requester may not even see it (things/model/.../ThingCommandToAccessExceptionRegistry.java). */
export function thingNotAccessible(command: Signal): DittoError {
  const { id, path, featureId, resource } = refused(command);
  const notFound = `could not be found or ${LACKING} to access it.`;
  const ofFeature = `of the Feature with ID '${featureId}' on the Thing with ID '${id}'`;
  const isNot = `does not exist or ${LACKING} to access it.`;
  const areNot = `do not exist or ${LACKING} to access it.`;
  switch (resource) {
    case 'policyId':
      // changing the policy of a thing counts as a change of the thing
      return command.category === 'QUERY'
        ? registeredError(
            'things:policyId.notfound',
            `The Policy ID of the Thing with ID <${id}> could not be found or requester had insufficient permissions to access it.`,
          )
        : unknownThing(id);
    case 'definition':
      return registeredError(
        'things:definition.notfound',
        `The Definition of the Thing with ID <${id}> ${notFound}`,
      );
    case 'attributes':
      return registeredError(
        'things:attributes.notfound',
        `The Attributes of the Thing with ID '${id}' ${notFound}`,
      );
    case 'attribute':
      return registeredError(
        'things:attribute.notfound',
        `The attribute with key '${path}' on the thing with ID '${id}' ${notFound}`,
      );
    case 'features':
      return registeredError(
        'things:features.notfound',
        `The Features on the Thing with ID '${id}' ${areNot}`,
      );
    case 'feature':
      return registeredError(
        'things:feature.notfound',
        `The Feature with ID '${featureId}' on the Thing with ID '${id}' ${notFound}`,
      );
    case 'featureDefinition':
      return registeredError('things:feature.definition.notfound', `The Definition ${ofFeature} ${isNot}`);
    case 'featureProperties':
      return registeredError('things:feature.properties.notfound', `The Properties ${ofFeature} ${areNot}`);
    case 'featureProperty':
      return registeredError(
        'things:feature.property.notfound',
        `The Property with JSON Pointer '${path}' ${ofFeature} ${isNot}`,
      );
    case 'featureDesiredProperties':
      return registeredError(
        'things:feature.desiredProperties.notfound',
        `The desired properties ${ofFeature} ${areNot}`,
      );
    case 'featureDesiredProperty':
      return registeredError(
        'things:feature.desiredProperty.notfound',
        `The desired property with JSON Pointer '${path}' ${ofFeature} ${isNot}`,
      );
    default:
      return unknownThing(id);
  }
}

/** things/model/.../ThingNotAccessibleException.java */
export const unknownThing = (id: string): DittoError =>
  registeredError(
    'things:thing.notfound',
    `The Thing with ID '${id}' could not be found or requester had insufficient permissions to access it.`,
  );

/** messages/model/.../MessageSendNotAllowedException.java */
export const messageNotAllowed = ({ entityId }: Signal): DittoError =>
  registeredError(
    'messages:send.notallowed',
    `You are not allowed to send messages for the Thing with id '${entityId}'!`,
  );

/** things/model/.../EventSendNotAllowedException.java */
export const eventNotAllowed = ({ entityId }: Signal): DittoError =>
  registeredError(
    'things:event.notallowed',
    `You are not allowed to send events for the Thing with id '${entityId}'!`,
  );

/** things/model/.../ThingConditionFailedException.java */
export const conditionNotReadable = (condition: 'condition' | 'live channel condition'): DittoError =>
  registeredError(
    'things:condition.failed',
    `The specified resource in the ${condition} could not be found or the requester had insufficient permissions to access it.`,
    {
      description:
        'Check if you have sufficient permissions to access the specified resource (READ permission is required).',
    },
  );
