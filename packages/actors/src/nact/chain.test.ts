import { describe, expect, test } from '@jest/globals';
import { Chain, type Linked } from './chain.ts';

interface Item extends Linked<Item> {
  readonly name: string;
}

const item = (name: string): Item => ({ name, before: undefined, after: undefined });
const names = (chain: Chain<Item>): readonly string[] => [...chain].map(({ name }) => name);

function chainOf(...items: readonly Item[]): Chain<Item> {
  const chain = new Chain<Item>();
  for (const each of items) chain.add(each);
  return chain;
}

describe('a chain', () => {
  test('holds items in the order of their coming', () => {
    const chain = chainOf(item('a'), item('b'), item('c'));
    expect(names(chain)).toEqual(['a', 'b', 'c']);
    expect(chain.size).toBe(3);
  });

  test.each([
    [0, ['b', 'c']],
    [1, ['a', 'c']],
    [2, ['a', 'b']],
  ])('lets item %i leave', (index, left) => {
    const items = [item('a'), item('b'), item('c')];
    const chain = chainOf(...items);
    const leaving = items[index] ?? item('');
    chain.remove(leaving);
    expect(names(chain)).toEqual(left);
    chain.add(leaving);
    expect(names(chain)).toEqual([...left, leaving.name]);
  });

  test('lets an item leave once', () => {
    const [first, second] = [item('a'), item('b')];
    const chain = chainOf(first, second);
    chain.remove(first);
    chain.remove(first);
    chain.remove(item('never there'));
    expect(names(chain)).toEqual(['b']);
    expect(chain.size).toBe(1);
  });

  test('is walked through while each item leaves at its turn', () => {
    const chain = chainOf(item('a'), item('b'), item('c'));
    for (const each of chain) chain.remove(each);
    expect(chain.size).toBe(0);
    chain.add(item('d'));
    expect(names(chain)).toEqual(['d']);
  });
});
