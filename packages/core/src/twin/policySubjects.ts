import { isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';

/** Subjects that are in the same entries have the same rights: they are looked at together. */
export interface SubjectGroup {
  /** Positions of the entries. */
  readonly entries: ReadonlySet<number>;
  readonly subjects: readonly string[];
}

export interface PolicySubjects {
  /** Positions of the entries that a subject is in. */
  readonly entriesOf: ReadonlyMap<string, ReadonlySet<number>>;
  readonly groups: readonly SubjectGroup[];
  /** ISO instant at which the first of them expires. */
  readonly validUntil: string | undefined;
}

/** The subjects of entries, without those that expired before `now`, an ISO instant (policies/model/.../ImmutableSubjectExpiry.java). */
export function policySubjects(entries: readonly JsonObject[], now: string | undefined): PolicySubjects {
  const entriesOf = new Map<string, Set<number>>();
  const nowMs = now === undefined ? undefined : Date.parse(now);
  let validUntilMs = Number.POSITIVE_INFINITY;
  entries.forEach(({ subjects }, entry) => {
    if (!isJsonObject(subjects)) return;
    for (const id in subjects) {
      const expiryMs = expiryOf(subjects[id]);
      if (nowMs !== undefined && !(nowMs <= expiryMs)) continue;
      if (expiryMs < validUntilMs) validUntilMs = expiryMs;
      entriesOf.set(id, (entriesOf.get(id) ?? new Set<number>()).add(entry));
    }
  });
  const validUntil = Number.isFinite(validUntilMs) ? new Date(validUntilMs).toISOString() : undefined;
  return { entriesOf, groups: groupsOf(entriesOf), validUntil };
}

/** Epoch milliseconds, infinite for a subject that stays; not a number when the instant cannot be read. */
function expiryOf(subject: JsonValue | undefined): number {
  const expiry = isJsonObject(subject) ? subject['expiry'] : undefined;
  if (expiry === undefined || expiry === null) return Number.POSITIVE_INFINITY;
  return typeof expiry === 'string' ? Date.parse(expiry) : Number.NaN;
}

function groupsOf(entriesOf: ReadonlyMap<string, ReadonlySet<number>>): readonly SubjectGroup[] {
  const groups = new Map<string, { entries: ReadonlySet<number>; subjects: string[] }>();
  for (const [subject, entries] of entriesOf) {
    const key = [...entries].join();
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { entries, subjects: [subject] });
    else group.subjects.push(subject);
  }
  return [...groups.values()];
}
