import { DittoError, type ExternalMessage, type PublishTarget } from '@hawser/core';
import { describe, expect, test } from '@jest/globals';
import type { IPublishPacket } from 'mqtt';
import { MqttMessage, outboundPublish } from './headers.ts';

const packet: IPublishPacket = {
  cmd: 'publish',
  topic: 'a/b',
  payload: Buffer.from('grün'),
  qos: 1,
  retain: false,
  dup: false,
  properties: {
    correlationData: Buffer.from('c-1'),
    responseTopic: 'reply',
    contentType: 'text/plain',
    messageExpiryInterval: 30,
    userProperties: { x: ['first', 'last'], 'mqtt.topic': 'forged', 'reply-to': 'forged' },
  },
};
const target: PublishTarget = { address: 't/1', qos: 1, targetIndex: 0 };
const text = (headers: Record<string, string>): ExternalMessage => ({ headers, text: 'x' });

describe('inbound', () => {
  test('MQTT 5 properties become headers; reserved user properties do not win', () => {
    expect(new MqttMessage(packet, 5).headers).toEqual({
      'mqtt.topic': 'a/b',
      'mqtt.qos': '1',
      'mqtt.retain': 'false',
      'mqtt.message-expiry-interval': '30',
      'correlation-id': 'c-1',
      'reply-to': 'reply',
      'content-type': 'text/plain',
      x: 'last',
    });
  });

  test('MQTT 3.1.1 has three headers; the payload is text and bytes', () => {
    const message = new MqttMessage(packet, 4);
    expect(message.headers).toEqual({ 'mqtt.topic': 'a/b', 'mqtt.qos': '1', 'mqtt.retain': 'false' });
    expect(message.text).toBe('grün');
    expect(message.bytes).toEqual(Buffer.from('grün'));
  });
});

describe('outbound', () => {
  test('mqtt headers overwrite topic, qos and retain', () => {
    const message = text({ 'mqtt.topic': 'other', 'mqtt.qos': ' 2 ', 'mqtt.retain': 'TRUE ' });
    expect(outboundPublish(target, message, 4)).toMatchObject({ topic: 'other', qos: 2, retain: true });
  });

  test('MQTT 5 sends the rest as properties, without the mqtt headers and blank values', () => {
    const message = text({
      'correlation-id': 'c',
      'reply-to': 'r',
      'content-type': 'a/b',
      'mqtt.message-expiry-interval': '5',
      'mqtt.qos': '0',
      x: '1',
      blank: ' ',
    });
    expect(outboundPublish(target, message, 5).properties).toEqual({
      correlationData: Buffer.from('c'),
      responseTopic: 'r',
      contentType: 'a/b',
      messageExpiryInterval: 5,
      userProperties: { x: '1' },
    });
  });

  test('MQTT 3.1.1 sends no headers', () => {
    expect(outboundPublish(target, text({ x: '1' }), 4).properties).toBeUndefined();
  });

  test.each([
    { 'mqtt.qos': '3' },
    { 'mqtt.qos': 'x' },
    { 'mqtt.retain': 'yes' },
    { 'mqtt.topic': 'a/#' },
    { 'mqtt.topic': '' },
    { 'mqtt.message-expiry-interval': '-1' },
    { 'reply-to': '+' },
    { x: 'y'.repeat(70_000) },
  ])('%o is refused with 400', (headers) => {
    expect(() => outboundPublish(target, text(headers as Record<string, string>), 5)).toThrow(DittoError);
    expect(() => outboundPublish(target, text(headers as Record<string, string>), 5)).toThrow(
      /Failed to send message/,
    );
  });
});
