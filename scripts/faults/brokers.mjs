// Brokers for the cases: a good one, and TCP servers that are none.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Aedes } from 'aedes';

/** An MQTT broker in this process; `connects` counts the clients that came. */
export async function startBroker(t) {
  const broker = await Aedes.createBroker();
  const found = { broker, connects: 0, uri: '' };
  broker.on('clientReady', () => found.connects++);
  const port = await listen(t, (socket) => broker.handle(socket));
  t.after(() => new Promise((resolve) => broker.close(resolve)));
  found.uri = `tcp://127.0.0.1:${port}`;
  return found;
}

/** Accepts, and does with each socket what the case says. Resolves to the port. */
export async function listen(t, onSocket) {
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    onSocket(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return server.address().port;
}

/** CONNACK of MQTT 3.1.1: accepted. */
const CONNACK = Buffer.from([0x20, 2, 0, 0]);

/** What brokers do on bad days, at the socket's level. */
export const badBrokers = {
  'resets at once': (socket) => socket.resetAndDestroy(),
  'closes at once': (socket) => socket.end(),
  'says nothing': () => {},
  'speaks HTTP': (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
  'sends garbage': (socket) => socket.on('data', () => socket.write(Buffer.alloc(256, 0xf7))),
  'resets within a packet': (socket) =>
    socket.once('data', () => {
      socket.write(Buffer.from([0x20]));
      setTimeout(() => socket.resetAndDestroy(), 20);
    }),
  'sends garbage once connected': (socket) =>
    socket.once('data', () => {
      socket.write(CONNACK);
      setTimeout(() => socket.write(Buffer.alloc(64, 0xff)), 50);
    }),
  'sends a message without a topic': (socket) =>
    socket.once('data', () => {
      socket.write(CONNACK);
      setTimeout(() => socket.write(Buffer.from([0x30, 3, 0, 0, 1])), 50);
    }),
  'claims a packet of 256 MB': (socket) =>
    socket.once('data', () => {
      socket.write(CONNACK);
      setTimeout(() => socket.write(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f])), 50);
    }),
  'acknowledges what nobody sent': (socket) =>
    socket.once('data', () => {
      socket.write(CONNACK);
      setTimeout(() => socket.write(Buffer.from([0x40, 2, 0, 9, 0x50, 2, 0, 9])), 50);
    }),
};
