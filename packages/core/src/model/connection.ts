import type { JsonObject } from '../json/jsonValue.ts';
import type { Credentials, SshTunnel } from './credentials.ts';

/** connectivity/model/.../ConnectionType.java; the wire strings. */
export const connectionTypes = [
  'amqp-091',
  'amqp-10',
  'mqtt',
  'mqtt-5',
  'kafka',
  'http-push',
  'hono',
] as const;
export type ConnectionType = (typeof connectionTypes)[number];

/** connectivity/model/.../ConnectivityStatus.java: desired status of a connection and live status of its resources. */
export const connectivityStatuses = ['open', 'closed', 'failed', 'misconfigured', 'unknown'] as const;
export type ConnectivityStatus = (typeof connectivityStatuses)[number];

export const responseTypes = ['response', 'error', 'nack'] as const;
export type ResponseType = (typeof responseTypes)[number];

/** Header name to template, evaluated per message. */
export type HeaderMapping = Readonly<Record<string, string>>;

/** One moored line to a broker or endpoint, as configured (connectivity/model/.../Connection.java). Immutable. */
export interface Connection {
  readonly id: string;
  readonly name: string | undefined;
  readonly connectionType: ConnectionType;
  readonly connectionStatus: ConnectivityStatus;
  /** As given; blank only for `hono`. */
  readonly uri: string;
  readonly sources: readonly Source[];
  readonly targets: readonly Target[];
  readonly clientCount: number;
  readonly failoverEnabled: boolean;
  readonly validateCertificates: boolean;
  readonly processorPoolSize: number;
  readonly specificConfig: Readonly<Record<string, string>>;
  readonly mappingDefinitions: Readonly<Record<string, MappingContext>>;
  readonly credentials: Credentials | undefined;
  /** PEM. */
  readonly ca: string | undefined;
  readonly sshTunnel: SshTunnel | undefined;
  readonly tags: readonly string[];

  /** Hidden fields: written only to the store and when a caller selects them. */
  readonly lifecycle: 'ACTIVE' | 'DELETED' | undefined;
  readonly revision: number | undefined;
  /** ISO-8601 instants. */
  readonly modified: string | undefined;
  readonly created: string | undefined;
}

/** Where messages come from (connectivity/model/.../Source.java). */
export interface Source {
  /** Position in the array of the connection's JSON; skipped items leave gaps. */
  readonly index: number;
  readonly addresses: readonly string[];
  readonly consumerCount: number;
  readonly qos: number | undefined;
  readonly authorizationContext: readonly string[];
  readonly enforcement: Enforcement | undefined;
  readonly acknowledgementRequests: AcknowledgementRequests | undefined;
  readonly headerMapping: HeaderMapping;
  readonly payloadMapping: readonly string[];
  readonly replyTarget: ReplyTarget | undefined;
  readonly replyTargetEnabled: boolean;
  readonly declaredAcks: readonly string[];
}

export interface Enforcement {
  readonly input: string;
  readonly filters: readonly string[];
}

export interface AcknowledgementRequests {
  readonly includes: readonly string[];
  readonly filter: string | undefined;
}

export interface ReplyTarget {
  readonly address: string;
  readonly headerMapping: HeaderMapping;
  readonly expectedResponseTypes: readonly ResponseType[];
}

/** Where signals go (connectivity/model/.../Target.java). */
export interface Target {
  readonly address: string;
  readonly topics: readonly FilteredTopic[];
  readonly qos: number | undefined;
  readonly authorizationContext: readonly string[];
  readonly issuedAcknowledgementLabel: string | undefined;
  readonly headerMapping: HeaderMapping;
  readonly payloadMapping: readonly string[];
}

/** connectivity/model/.../Topic.java */
export const topicNames = [
  '_/_/things/twin/events',
  '_/_/things/live/messages',
  '_/_/things/live/events',
  '_/_/things/live/commands',
  '_/_/policies/announcements',
  '_/_/connections/announcements',
] as const;
export type TopicName = (typeof topicNames)[number];

/** A subscription of a target: `<topic>[?namespaces=…][&filter=…][&extraFields=…]`. */
export interface FilteredTopic {
  readonly topic: TopicName;
  readonly namespaces: readonly string[];
  /** RQL. */
  readonly filter: string | undefined;
  /** Field selector text. */
  readonly extraFields: string | undefined;
}

/** A named configuration of a payload mapper (connectivity/model/.../MappingContext.java). */
export interface MappingContext {
  readonly mappingEngine: string;
  readonly options: JsonObject;
  readonly incomingConditions: Readonly<Record<string, string>>;
  readonly outgoingConditions: Readonly<Record<string, string>>;
}
