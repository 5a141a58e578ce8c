import type { Connection, Source, Target } from '@hawser/core';

/** A connection with defaults for everything that a test does not care about. */
export function sampleConnection(parts: Partial<Connection> = {}): Connection {
  return {
    id: 'sample',
    name: undefined,
    connectionType: 'mqtt',
    connectionStatus: 'open',
    uri: 'tcp://127.0.0.1:1883',
    sources: [],
    targets: [],
    clientCount: 1,
    failoverEnabled: true,
    validateCertificates: true,
    processorPoolSize: 1,
    specificConfig: {},
    mappingDefinitions: {},
    credentials: undefined,
    ca: undefined,
    sshTunnel: undefined,
    tags: [],
    lifecycle: undefined,
    revision: undefined,
    modified: undefined,
    created: undefined,
    ...parts,
  };
}

export function sampleSource(parts: Partial<Source> = {}): Source {
  return {
    index: 0,
    addresses: ['in'],
    consumerCount: 1,
    qos: undefined,
    authorizationContext: ['test:subject'],
    enforcement: undefined,
    acknowledgementRequests: undefined,
    headerMapping: {},
    payloadMapping: ['Ditto'],
    replyTarget: undefined,
    replyTargetEnabled: false,
    declaredAcks: [],
    ...parts,
  };
}

export function sampleTarget(parts: Partial<Target> = {}): Target {
  return {
    address: 'out',
    topics: [
      { topic: '_/_/things/live/messages', namespaces: [], filter: undefined, extraFields: undefined },
    ],
    qos: undefined,
    authorizationContext: ['test:subject'],
    issuedAcknowledgementLabel: undefined,
    headerMapping: {},
    payloadMapping: ['Ditto'],
    ...parts,
  };
}
