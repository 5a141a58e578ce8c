import { Timing } from '@hawser/actors';
import type { Store } from '@hawser/core';

/** The store, with the time that its writes take. @param now monotonic, ms */
export function withTimedJournal(
  store: Store,
  now: () => number,
): { readonly store: Store; readonly journal: Timing } {
  const journal = new Timing();
  const append: Store['journal']['append'] = async (entries) => {
    const startedAt = now();
    try {
      await store.journal.append(entries);
    } finally {
      journal.add(now() - startedAt);
    }
  };
  const timedJournal = new Proxy(store.journal, {
    get: (target, name) => (name === 'append' ? append : bound(target, name)),
  });
  return {
    journal,
    store: new Proxy(store, {
      get: (target, name) => (name === 'journal' ? timedJournal : bound(target, name)),
    }),
  };
}

function bound<T extends object>(target: T, name: string | symbol): unknown {
  const member: unknown = Reflect.get(target, name, target);
  return typeof member === 'function' ? member.bind(target) : member;
}
