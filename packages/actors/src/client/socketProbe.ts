import { connect } from 'node:net';

/** Whether a TCP socket to this place can be opened. @throws Error why it cannot */
export type SocketProbe = (host: string, port: number, timeoutMs: number) => Promise<void>;

export const tcpProbe: SocketProbe = (host, port, timeoutMs) =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const end = (error?: Error): void => {
      socket.destroy();
      if (error === undefined) resolve();
      else reject(error);
    };
    socket.setTimeout(timeoutMs, () => end(new Error('connect timed out')));
    socket.once('connect', () => end());
    socket.once('error', end);
  });
