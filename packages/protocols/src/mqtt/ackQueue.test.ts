import { expect, test } from '@jest/globals';
import { AckQueue } from './ackQueue.ts';

function queue(): { readonly acks: AckQueue; readonly written: number[] } {
  const written: number[] = [];
  return { acks: new AckQueue((id) => written.push(id)), written };
}

test('acknowledgements leave in the order of reception, whatever the order of settlement', () => {
  const { acks, written } = queue();
  const [a, b, c] = [acks.receive(7), acks.receive(3), acks.receive(9)];
  acks.settle(c, 'acknowledge');
  acks.settle(b, 'acknowledge');
  expect(written).toEqual([]);
  acks.settle(a, 'acknowledge');
  expect(written).toEqual([7, 3, 9]);
});

test('a withheld acknowledgement is never written and holds up no other', () => {
  const { acks, written } = queue();
  const [a, b] = [acks.receive(1), acks.receive(2)];
  acks.settle(b, 'acknowledge');
  acks.settle(a, 'withhold');
  expect(written).toEqual([2]);
});

test('a long run of messages leaves nothing behind', () => {
  const { acks, written } = queue();
  let previous = acks.receive(0);
  for (let id = 1; id <= 5_000; id++) {
    const next = acks.receive(id);
    acks.settle(previous, 'acknowledge');
    previous = next;
  }
  acks.settle(previous, 'acknowledge');
  expect(written).toEqual(Array.from({ length: 5_001 }, (_, id) => id));
});
