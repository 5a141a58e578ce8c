import { describe, expect, test } from '@jest/globals';
import { AckBatch } from './ackBatch.ts';

function recording() {
  const written: string[] = [];
  const batch = new AckBatch((packets) => written.push(Buffer.from(packets).toString('hex')));
  return { batch, written };
}

describe('acknowledgements of one turn', () => {
  test('leave together, in order', async () => {
    const { batch, written } = recording();
    batch.add('puback', 1);
    batch.add('pubrec', 0xfffe);
    expect(written).toEqual([]);
    await Promise.resolve();
    expect(written).toEqual(['400200015002fffe']);
    batch.add('puback', 256);
    await Promise.resolve();
    expect(written.slice(1)).toEqual(['40020100']);
  });

  test('leave at once when asked for, and only once', async () => {
    const { batch, written } = recording();
    batch.add('puback', 1);
    batch.flush();
    batch.flush();
    await Promise.resolve();
    expect(written).toEqual(['40020001']);
  });
});
