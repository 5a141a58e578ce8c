import { journalCases } from './journalCases.ts';
import { replayCases } from './replayCases.ts';
import { snapshotCases } from './snapshotCases.ts';
import type { StoreCase, StoreFactory, StoreOffer } from './storeUnderTest.ts';

/** The contract of `Store`, as data: run by jest, by the crash run, by anyone who writes a store. */
export const storeCases: readonly StoreCase[] = [...replayCases, ...journalCases, ...snapshotCases];

interface Runner {
  describe(name: string, body: () => void): void;
  test(name: string, body: () => Promise<void>, timeoutMs: number): void;
}

const CASE_TIMEOUT_MS = 60_000;

/** Registers the contract suite for one store with jest, whose globals it uses: this package also runs without jest. */
export function describeStore(name: string, factory: StoreFactory, offers: readonly StoreOffer[] = []): void {
  const { describe, test } = globalThis as unknown as Runner;
  describe(`${name} keeps the contract of a store: it`, () => {
    for (const rule of storeCasesFor(offers)) {
      test(rule.name, () => runStoreCase(rule, factory), rule.timeoutMs ?? CASE_TIMEOUT_MS);
    }
  });
}

/** The cases that apply to a store with these offers. */
export const storeCasesFor = (offers: readonly StoreOffer[]): readonly StoreCase[] =>
  storeCases.filter(({ needs }) => needs === undefined || offers.includes(needs));

/** Runs one case on a fresh store. */
export async function runStoreCase(rule: StoreCase, factory: StoreFactory): Promise<void> {
  const subject = await factory();
  try {
    await rule.run(subject);
  } finally {
    await subject.dispose();
  }
}
