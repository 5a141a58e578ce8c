import { describe, expect, test } from '@jest/globals';
import { OpenList, type OpenListLinks } from './openList.ts';

interface Member extends OpenListLinks<Member> {
  readonly name: string;
}

const member = (name: string): Member => ({ name, list: undefined, next: undefined, previous: undefined });
const names = (list: OpenList<Member>): string =>
  list
    .members()
    .map(({ name }) => name)
    .join('');

function listOf(...members: readonly Member[]): OpenList<Member> {
  const list = new OpenList<Member>();
  for (const each of members) list.add(each);
  return list;
}

describe('OpenList', () => {
  test.each(['abcd', 'dcba', 'bdac', 'cadb'])('keeps the order while members go as %s', (order) => {
    const members = new Map(['a', 'b', 'c', 'd'].map((name) => [name, member(name)]));
    const list = listOf(...members.values());
    let left = 'abcd';
    for (const name of order) {
      expect(list.delete(members.get(name) as Member)).toBe(true);
      left = left.replace(name, '');
      expect([names(list), list.size, list.first?.name ?? '']).toEqual([left, left.length, left.charAt(0)]);
    }
  });

  test('a member is deleted once, and may be added again, at the end', () => {
    const [a, b] = [member('a'), member('b')];
    const list = listOf(a, b);
    expect([list.delete(a), list.delete(a)]).toEqual([true, false]);
    list.add(a);
    expect(names(list)).toBe('ba');
  });

  test('a member of another list is not deleted', () => {
    const a = member('a');
    const [list, other] = [listOf(a), listOf(member('b'))];
    expect(other.delete(a)).toBe(false);
    expect([names(list), names(other)]).toEqual(['a', 'b']);
  });

  test('a deleted member refers to no other', () => {
    const [a, b, c] = [member('a'), member('b'), member('c')];
    listOf(a, b, c).delete(b);
    expect([b.next, b.previous, b.list]).toEqual([undefined, undefined, undefined]);
  });
});
