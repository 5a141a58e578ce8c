import { expect, test } from '@jest/globals';
import { Assignment } from './assignment.ts';

function begun(): Assignment {
  const assignment = new Assignment([0, 1]);
  assignment.begin([
    { partition: 0, offset: 10 },
    { partition: 1, offset: 0 },
  ]);
  return assignment;
}

test('each partition has an offset of its own to be committed, once', () => {
  const assignment = begun();
  const [a, b] = [assignment.deliver(0, 10), assignment.deliver(1, 0)];
  const c = assignment.deliver(1, 1);
  expect(assignment.span).toBe(3);
  assignment.settle(1, c);
  assignment.settle(0, a);
  expect(assignment.toCommit()).toEqual([{ partition: 0, offset: 11 }]);
  expect(assignment.uncommitted).toBe(1);
  assignment.committed([{ partition: 0, offset: 11 }], 1);
  expect(assignment.toCommit()).toEqual([]);
  assignment.settle(1, b);
  expect(assignment.toCommit()).toEqual([{ partition: 1, offset: 2 }]);
  expect(assignment.uncommitted).toBe(2);
  expect(assignment.span).toBe(0);
});

test('consuming begins anew at the first unsettled records', () => {
  const assignment = begun();
  assignment.settle(0, assignment.deliver(0, 10));
  assignment.deliver(0, 11);
  expect(assignment.positions()).toEqual([
    { partition: 0, offset: 11 },
    { partition: 1, offset: 0 },
  ]);
});

test('a topic that begins anew is committed from there; what was under way of the old one counts no more', () => {
  const assignment = begun();
  const old = assignment.deliver(0, 10);
  const fresh = assignment.deliver(0, 0);
  expect(assignment.span).toBe(1);
  assignment.settle(0, old);
  expect(assignment.toCommit()).toEqual([]);
  assignment.settle(0, fresh);
  expect(assignment.toCommit()).toEqual([{ partition: 0, offset: 1 }]);
  expect(assignment.span).toBe(0);
});
