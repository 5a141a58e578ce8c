import { makeError } from '../errors/makeError.ts';
import type {
  Connection,
  ConnectionType,
  MappingContext,
  ReplyTarget,
  Source,
  Target,
} from './connection.ts';

type Fields = Omit<Connection, 'uri'>;

const REPLY_ADDRESS = '{{header:reply-to}}';
const REPLY_HEADER_MAPPING = {
  'correlation-id': '{{header:correlation-id}}',
  'content-type': '{{header:content-type}}',
} as const;
const SOURCE_HEADER_MAPPING = { ...REPLY_HEADER_MAPPING, 'reply-to': REPLY_ADDRESS } as const;
/** Id under which a legacy `mappingContext` is kept. */
const LEGACY_MAPPER_ID = 'javascript';

/**
 * The checks of the model itself, made before any of the service (connectivity/model/.../AbstractConnectionBuilder.java).
 * @throws DittoError `connectivity:connection.configuration.invalid`
 */
export function checkConnection({ sources, targets, clientCount }: Fields): void {
  if (sources.length === 0 && targets.length === 0)
    throw invalid('Either a source or a target must be specified in the configuration of a connection!');
  checkAuthorizationContexts(sources, targets);
  const announces = targets.some(({ topics }) =>
    topics.some(({ topic }) => topic === '_/_/connections/announcements'),
  );
  if (clientCount > 1 && announces)
    throw invalid(
      'Connection announcements (topic _/_/connections/announcements) can only be used with client count 1.',
    );
}

const invalid = (message: string) => makeError('connectivity:connection.configuration.invalid', message);

const withoutContext = ({ authorizationContext }: Source | Target): boolean =>
  authorizationContext.length === 0;

/** A source without addresses is not missed: the message lists addresses. */
function checkAuthorizationContexts(sources: readonly Source[], targets: readonly Target[]): void {
  if (!sources.some(withoutContext) && !targets.some(withoutContext)) return;
  const ofSources = new Set(sources.filter(withoutContext).flatMap(({ addresses }) => addresses));
  const ofTargets = new Set(targets.filter(withoutContext).map(({ address }) => address));
  const lists = [
    ...(ofSources.size > 0 ? [`Sources [${[...ofSources].join(', ')}]`] : []),
    ...(ofTargets.size > 0 ? [`Targets [${[...ofTargets].join(', ')}]`] : []),
  ];
  if (lists.length > 0) throw invalid(`The ${lists.join(' and ')} are missing an authorization context.`);
}

/** Brings older forms up to date: the single mapping context, and sources written before reply targets existed. */
export function migrateConnection(fields: Fields, mappingContext: MappingContext | undefined): Fields {
  const sources = fields.sources.map((source) => withReplyTarget(source, fields.connectionType));
  if (mappingContext === undefined) return { ...fields, sources };
  const withMapper = <T extends Source | Target>(part: T): T => ({
    ...part,
    payloadMapping: [...part.payloadMapping, LEGACY_MAPPER_ID],
  });
  return {
    ...fields,
    sources: sources.map(withMapper),
    targets: fields.targets.map(withMapper),
    mappingDefinitions: Object.assign(Object.create(null), fields.mappingDefinitions, {
      [LEGACY_MAPPER_ID]: mappingContext,
    }),
  };
}

/** Gives a source that expects answers but has no reply target the default one (ImmutableSource.java); MQTT 3.1.1 has no headers to map. */
export function withReplyTarget(source: Source, connectionType: ConnectionType): Source {
  if (!source.replyTargetEnabled || source.replyTarget !== undefined) return source;
  const hasHeaders = connectionType !== 'mqtt';
  const replyTarget: ReplyTarget = {
    address: REPLY_ADDRESS,
    headerMapping: hasHeaders ? REPLY_HEADER_MAPPING : {},
    expectedResponseTypes: ['response', 'error'],
  };
  if (!hasHeaders) return { ...source, replyTarget };
  const headerMapping = Object.assign(Object.create(null), SOURCE_HEADER_MAPPING, source.headerMapping);
  return { ...source, replyTarget, headerMapping };
}
