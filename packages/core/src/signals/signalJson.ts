import { typeNotParsable } from '../errors/baseErrors.ts';
import { requiredString } from '../json/fields.ts';
import type { JsonObject } from '../json/jsonValue.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import { unsupportedTopic } from '../protocol/protocolErrors.ts';
import type { Signal } from '../protocol/signal.ts';
import { ackDefinitions } from './acknowledgements.ts';
import { connectionAnnouncements, policyAnnouncements } from './announcements.ts';
import type { SignalRegistry } from './connectivityRegistry.ts';
import { definitionsOf } from './definitionTable.ts';
import { errorDefinitions } from './errorResponses.ts';
import { mergeThing, mergeThingResponse, thingMerged } from './mergeThing.ts';
import { messageDefinitions } from './messages.ts';
import {
  migrateThingDefinition,
  migrateThingDefinitionResponse,
  thingDefinitionMigrated,
} from './migrateThing.ts';
import { policyCommands, policyEvents, policyResponses } from './policySignals.ts';
import { retrieveThings, retrieveThingsResponse } from './retrieveThings.ts';
import { searchDefinitions } from './searchSignals.ts';
import { byType, type SignalDefinition } from './signalDefinition.ts';
import { streamingDefinitions } from './streamingSignals.ts';
import { thingCommands, thingEvents, thingResponses } from './thingSignals.ts';

/*
 * Signal JSON, Ditto's internal form of signals (base/model/.../signals/Global*Registry.java). It is derived from the
 * Protocol form only when somebody asks for it.
 */

/** Every signal but those about connections, by type. */
const definitions: ReadonlyMap<string, SignalDefinition> = byType([
  ...definitionsOf(thingCommands, thingResponses, thingEvents),
  ...definitionsOf(policyCommands, policyResponses, policyEvents),
  mergeThing,
  mergeThingResponse,
  thingMerged,
  migrateThingDefinition,
  migrateThingDefinitionResponse,
  thingDefinitionMigrated,
  retrieveThings,
  retrieveThingsResponse,
  ...messageDefinitions,
  ...searchDefinitions.values(),
  ...streamingDefinitions.values(),
  ackDefinitions.ack,
  ackDefinitions.acks,
  errorDefinitions.thing,
  errorDefinitions.policy,
  ...policyAnnouncements.values(),
  ...connectionAnnouncements.values(),
]);

const REGISTRY_NAMES: Readonly<Record<SignalRegistry, string>> = {
  command: 'GlobalCommandRegistry',
  response: 'GlobalCommandResponseRegistry',
  event: 'GlobalEventRegistry',
  announcement: 'GlobalAnnouncementRegistry',
};

const TYPES: Readonly<Record<SignalRegistry, (type: string) => boolean>> = {
  command: (type) => type.includes('.commands:'),
  response: (type) =>
    type.includes('.responses:') || type === 'acknowledgement' || type === 'acknowledgements',
  event: (type) => type.includes('.events:'),
  announcement: (type) => type.includes('.announcements:'),
};

/** The signal JSON of a signal. */
export function signalJson(signal: Signal): JsonObject {
  const definition = definitions.get(signal.type);
  if (definition === undefined) throw unsupportedTopic(signal.adaptable.topic);
  return definition.toJson(signal);
}

/**
 * Reads signal JSON. `headers` are the signal's headers, which stand beside the JSON.
 *
 * @throws DittoError `json.type.notparsable` for types that the registry does not know, and those of the parts
 */
export function signalFromJson(json: JsonObject, headers: DittoHeaders, registry: SignalRegistry): Signal {
  const type = requiredString(json, 'type');
  const definition = TYPES[registry](type) ? definitions.get(type) : undefined;
  if (definition === undefined) throw typeNotParsable(type, REGISTRY_NAMES[registry]);
  return definition.make(definition.fromJson(json, headers), headers);
}
