import type { Duplex } from 'node:stream';

/**
 * Lets all frames that are written in one turn of the event loop leave in one system call: the driver writes each message
 * by itself, which costs more than everything else that is done for it.
 */
export function batchWrites(socket: Duplex): void {
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  let isCorked = false;
  const flush = (): void => {
    isCorked = false;
    socket.uncork();
  };
  socket.write = ((...args: unknown[]) => {
    if (!isCorked) {
      isCorked = true;
      socket.cork();
      process.nextTick(flush);
    }
    return write(...args);
  }) as Duplex['write'];
}
