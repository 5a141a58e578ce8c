import type { Settlement } from '@hawser/core';
import { describe, expect, test } from '@jest/globals';
import { Delivery, type SettleMode } from './delivery.ts';

function delivery(mode: SettleMode): { readonly subject: Delivery; readonly outcomes: Settlement[] } {
  const outcomes: Settlement[] = [];
  return { subject: new Delivery((outcome) => outcomes.push(outcome), mode), outcomes };
}

describe('settlement', () => {
  test('a message that caused nothing is settled with its decision', () => {
    const { subject, outcomes } = delivery('finished');
    subject.decide('accepted');
    expect(outcomes).toEqual(['accepted']);
  });

  test('a decided message waits for everything that it caused', () => {
    const { subject, outcomes } = delivery('finished');
    subject.hold();
    subject.hold();
    subject.decide('accepted');
    subject.release();
    expect(outcomes).toEqual([]);
    subject.release();
    expect(outcomes).toEqual(['accepted']);
  });

  test('a message whose publishes have finished waits for its decision', () => {
    const { subject, outcomes } = delivery('finished');
    subject.hold();
    subject.release();
    expect(outcomes).toEqual([]);
    subject.decide('redeliver');
    expect(outcomes).toEqual(['redeliver']);
  });

  test("Ditto's moment is the decision, whatever is still under way", () => {
    const { subject, outcomes } = delivery('ditto');
    subject.hold();
    subject.decide('accepted');
    expect(outcomes).toEqual(['accepted']);
    subject.release();
    expect(outcomes).toEqual(['accepted']);
  });

  test('only the first decision counts, and a message is settled once', () => {
    const { subject, outcomes } = delivery('finished');
    subject.decide('rejected');
    subject.decide('accepted');
    subject.hold();
    subject.release();
    expect(outcomes).toEqual(['rejected']);
  });
});
