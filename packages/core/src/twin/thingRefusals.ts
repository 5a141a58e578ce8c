import type { DittoError } from '../errors/dittoError.ts';
import { makeError } from '../errors/makeError.ts';
import { keysOf } from '../placeholders/thingOfSignal.ts';
import type { Signal } from '../protocol/signal.ts';
import { thingResourceAt } from '../signals/thingResources.ts';
import { thingNotFound } from './thingErrors.ts';
import { partNotFound, type ThingPart } from './thingPartNotFound.ts';

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
  readonly keys: readonly string[];
  /** Of the command's path; `thing` for merges and migrations, whatever their path. */
  readonly resource: 'thing' | ThingPart;
}

function refused({ entityId, resourcePath, category }: Signal): Refused {
  const keys = keysOf(resourcePath);
  const resource = thingResourceAt(keys);
  const isWhole =
    category === 'MERGE' || category === 'MIGRATE' || resource === undefined || resource === '_policy';
  return {
    id: entityId ?? '',
    path: resourcePath,
    keys,
    resource: isWhole ? 'thing' : (resource as 'thing' | ThingPart),
  };
}

/** The requester may not write (things/model/.../ThingCommandToModifyExceptionRegistry.java). */
export function thingNotModifiable(command: Signal): DittoError {
  const { id, path, keys, resource } = refused(command);
  const featureId = keys[1] ?? '';
  const required = '(WRITE is required).';
  const onThing = `on the Thing with ID '${id}'`;
  const ofFeature = `of the Feature with ID '${featureId}' ${onThing}`;
  const all = `cannot be modified as ${LACKING} to modify it ${required}`;
  const one = `${LACKING_WRITE} to modify it ${required}`;
  switch (resource) {
    case 'policyId':
      return makeError(
        'things:policyId.notmodifiable',
        `The Policy ID of the Thing with ID '${id}' ${LACKING_WRITE} ${required}`,
      );
    case 'definition':
      return makeError(
        'things:definition.notmodifiable',
        `The Definition ${onThing} ${LACKING_WRITE} ${required}`,
      );
    case 'attributes':
      return makeError(
        'things:attributes.notmodifiable',
        `The Attributes ${onThing} ${LACKING_WRITE} ${required}`,
      );
    case 'attribute':
      return makeError(
        'things:attribute.notmodifiable',
        ` The Attribute with name '${path}' ${onThing} ${LACKING_WRITE} ${required}`,
      );
    case 'features':
      return makeError(
        'things:features.notmodifiable',
        `The Features ${onThing} cannot be modified as requester had insufficient permissions to modify it ${required}`,
      );
    case 'feature':
      return makeError(
        'things:feature.notmodifiable',
        `The Feature with ID '${featureId}' ${onThing} ${one}`,
      );
    case 'featureDefinition':
      return makeError('things:feature.definition.notmodifiable', `The Definition ${ofFeature} ${all}`);
    case 'featureProperties':
      return makeError('things:feature.properties.notmodifiable', `The Properties ${ofFeature} ${all}`);
    case 'featureProperty':
      return makeError(
        'things:feature.property.notmodifiable',
        `The Property with JSON Pointer '${path}' ${ofFeature} ${one}`,
      );
    case 'featureDesiredProperties':
      return makeError(
        'things:feature.desiredProperties.notmodifiable',
        `The desired properties ${ofFeature} ${all}`,
      );
    case 'featureDesiredProperty':
      return makeError(
        'things:feature.desiredProperty.notmodifiable',
        `The desired property with JSON Pointer '${path}' ${ofFeature} ${one}`,
      );
    default:
      return command.category === 'DELETE'
        ? makeError(
            'things:thing.notdeletable',
            `The Thing with ID '${id}' could not be deleted as the requester had insufficient permissions ( WRITE on root resource is required).`,
          )
        : makeError('things:thing.notmodifiable', `The Thing with ID '${id}' ${LACKING_WRITE} ${required}`);
  }
}

/** The requester may not even see it (things/model/.../ThingCommandToAccessExceptionRegistry.java). */
export function thingNotAccessible(command: Signal): DittoError {
  const { id, path, keys, resource } = refused(command);
  const isChangeOfPolicyId = resource === 'policyId' && command.category !== 'QUERY';
  return resource === 'thing' || isChangeOfPolicyId
    ? thingNotFound(id)
    : partNotFound(resource, id, keys, path);
}

/** messages/model/.../MessageSendNotAllowedException.java */
export const messageNotAllowed = ({ entityId }: Signal): DittoError =>
  makeError(
    'messages:send.notallowed',
    `You are not allowed to send messages for the Thing with id '${entityId}'!`,
  );

/** things/model/.../EventSendNotAllowedException.java */
export const eventNotAllowed = ({ entityId }: Signal): DittoError =>
  makeError(
    'things:event.notallowed',
    `You are not allowed to send events for the Thing with id '${entityId}'!`,
  );

/** things/model/.../ThingConditionFailedException.java */
export const conditionNotReadable = (condition: 'condition' | 'live channel condition'): DittoError =>
  makeError(
    'things:condition.failed',
    `The specified resource in the ${condition} could not be found or the requester had insufficient permissions to access it.`,
    {
      description:
        'Check if you have sufficient permissions to access the specified resource (READ permission is required).',
    },
  );
