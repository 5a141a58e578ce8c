import { createServer } from 'node:net';
import { Aedes } from 'aedes';

export interface ThrowawayBroker {
  readonly port: number;
  close(): Promise<void>;
}

/** An MQTT broker in this process, for tests that need one that merely answers. */
export async function startBroker(): Promise<ThrowawayBroker> {
  const broker = await Aedes.createBroker();
  const server = createServer(broker.handle);
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
  return {
    port,
    close: async () => {
      server.close();
      await new Promise<void>((resolve) => broker.close(() => resolve()));
    },
  };
}
