import { type Connection, MisconfiguredError } from '@hawser/core';

/** Options of the RabbitMQ Java client that mean something to this driver (spec 04, 4), with that client's defaults. */
export interface Amqp091Settings {
  readonly handshakeTimeoutMs: number;
  readonly recoveryIntervalMs: number;
  readonly heartbeatSeconds: number;
  readonly channelMax: number;
  readonly frameMax: number;
}

const defaultFrameMax = 131_072;

/** @throws MisconfiguredError for a value that is no number */
export function amqp091Settings(connection: Connection): Amqp091Settings {
  const int = (key: string, otherwise: number): number => {
    const text = connection.specificConfig[key];
    if (text === undefined) return otherwise;
    if (!/^[+-]?\d{1,10}$/.test(text)) throw new MisconfiguredError(`For input string: "${text}"`);
    return Number(text);
  };
  return {
    handshakeTimeoutMs: int('handshakeTimeout', 10_000),
    recoveryIntervalMs: Math.max(100, int('networkRecoveryInterval', 5_000)),
    heartbeatSeconds: int('requestedHeartbeat', 60),
    channelMax: int('requestedChannelMax', 2_047),
    frameMax: int('requestedFrameMax', 0) || defaultFrameMax,
  };
}
