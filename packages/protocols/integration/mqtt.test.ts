import { describeAdapter, describeWithServers } from '@hawser/testkit';
import { mqttAdapter } from '../src/mqtt/adapter.ts';
import { startMqttPeer } from './mqttPeer.ts';

describeWithServers('MQTT on a real broker', ['mosquitto'], ({ mosquitto: url }) => {
  for (const connectionType of ['mqtt', 'mqtt-5'] as const) {
    for (const qos of [1, 2] as const) {
      describeAdapter(`${connectionType}, QoS ${qos}`, mqttAdapter, { redelivers: true }, () =>
        startMqttPeer(url, connectionType, qos),
      );
    }
  }
});
