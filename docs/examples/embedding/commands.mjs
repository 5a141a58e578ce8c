// Connections inside of a program, without HTTP: node docs/examples/embedding/commands.mjs
import assert from 'node:assert/strict';
import { startHawser } from '@hawser/service';

const CONNECTIONS = '/system/sharding/connection';
const IDS = '/user/connectivityRoot/connectionIdsRetrieval';

const hawser = await startHawser({ store: 'memory' });

const created = await hawser.ask(CONNECTIONS, {
  type: 'connectivity.commands:createConnection',
  connection: {
    id: 'pumps',
    connectionType: 'mqtt-5',
    connectionStatus: 'closed',
    uri: 'tcp://localhost:1883',
    sources: [{ addresses: ['pumps/#'], qos: 1, authorizationContext: ['integration:pumps'] }],
  },
});
assert.equal(created.status, 201);

const { json } = await hawser.ask(IDS, { type: 'connectivity.commands:retrieveAllConnectionIds' });
console.log('connections:', json.connectionIds);

// a refusal is an answer as well
const missing = await hawser.ask(CONNECTIONS, {
  type: 'connectivity.commands:retrieveConnection',
  connectionId: 'valves',
});
console.log(missing.json.error, missing.isError);

await hawser.stop();
