import { configDurationMs, configInt } from '../model/configValue.ts';
import type { Connection } from '../model/connection.ts';
import { configurationInvalid } from './configurationInvalid.ts';
import { mqttTopicFault } from './mqttTopic.ts';

/**
 * `specificConfig` of both versions of MQTT (connectivity/service/.../messaging/mqtt/MqttSpecificConfig.java).
 * @throws DittoError `connectivity:connection.configuration.invalid`
 */
export function checkMqttConfig({ specificConfig }: Connection): void {
  const { keepAlive, lastWillTopic, lastWillQos = '0' } = specificConfig;
  if (keepAlive !== undefined) checkKeepAlive(keepAlive);
  if (lastWillTopic === undefined) return;
  const fault = mqttTopicFault(lastWillTopic);
  if (fault !== undefined)
    throw configurationInvalid(fault, 'Please provide a valid MQTT topic for config key <lastWillTopic>.');
  // What is no number counts as 0.
  const qos = configInt(lastWillQos) ?? 0;
  if (qos < 0 || qos > 2)
    throw configurationInvalid(
      `<${qos}> is not a valid MQTT QoS code.`,
      'Please provide a valid MQTT QoS code for config key <lastWillQos>.',
    );
}

const MAX_KEEP_ALIVE_SECONDS = 65_535;

function checkKeepAlive(text: string): void {
  const ms = configDurationMs(text);
  const seconds = ms === undefined ? undefined : Math.floor(ms / 1000);
  if (seconds !== undefined && seconds >= 0 && seconds <= MAX_KEEP_ALIVE_SECONDS) return;
  throw configurationInvalid(
    seconds === undefined
      ? `Configured value for Keep Alive Interval is invalid: ${text}`
      : `Expected seconds of duration to be within [0, ${MAX_KEEP_ALIVE_SECONDS}] but it was <${seconds}>.`,
    'Please adjust the interval to be within the allowed range.',
  );
}
