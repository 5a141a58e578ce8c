import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A network between a client and its server that a test can break. */
export interface TcpProxy {
  readonly port: number;
  /** Ends all connections with a reset; new ones are served. */
  reset(): void;
  /** Bytes are no longer carried, in either direction, and nobody is told: a frozen peer. */
  freeze(): void;
  thaw(): void;
  /** Refuses and resets everything until `accept`. */
  refuse(): Promise<void>;
  accept(): Promise<void>;
  close(): Promise<void>;
}

/** @param at where it listens; absent: anywhere */
export async function startTcpProxy(
  target: { readonly host: string; readonly port: number },
  at = 0,
): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let isFrozen = false;
  // Half-closed connections are carried as such: who says farewell and ends still hears what the other side has to say.
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ ...target, allowHalfOpen: true });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.setNoDelay(true);
      if (isFrozen) from.pause();
      from.on('error', () => {});
      from.on('data', (chunk) => {
        if (!to.write(chunk)) from.pause();
      });
      from.on('drain', () => {
        if (!isFrozen) to.resume();
      });
      from.on('end', () => to.end());
      from.on('close', () => {
        sockets.delete(from);
        if (!from.readableEnded) to.destroy();
      });
    }
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  const reset = (): void => {
    for (const socket of sockets) {
      // The kernel resets no socket that is being shut down; Node would keep its handle, and hang when the process ends.
      if (socket.writableEnded || socket.connecting) socket.destroy();
      else socket.resetAndDestroy();
    }
  };
  const refuse = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    reset();
    await closed;
  };
  await listen(at);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    reset,
    freeze() {
      isFrozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw() {
      isFrozen = false;
      for (const socket of sockets) socket.resume();
    },
    refuse,
    accept: () => listen(port),
    close: async () => {
      if (server.listening) await refuse();
      else reset();
    },
  };
}
