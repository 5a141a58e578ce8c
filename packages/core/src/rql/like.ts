/**
 * Compiles a `like` pattern (`*` any run, `?` one character, everything else itself; rql/query/.../LikeHelper.java).
 * The whole text must match; wildcards do not match line ends. What stands between two stars is looked for once, from left
 * to right, so a match costs at most text length times the longest run without a star; no pattern can make it backtrack.
 */
export function compileLike(
  pattern: string,
  options: { readonly ignoreCase: boolean },
): (text: string) => boolean {
  const folded = options.ignoreCase ? asciiLower(pattern) : pattern;
  const needsCodePoints = folded.includes('?');
  const runs: readonly Run[] = folded
    .split(/\*+/)
    .map((run) =>
      needsCodePoints ? codePoints(run).map((c) => (c === QUESTION_MARK ? ANY : c)) : codeUnits(run),
    );
  const first = runs[0] ?? [];
  const last = runs.length > 1 ? (runs.at(-1) ?? []) : undefined;
  const middle = runs.slice(1, -1);
  return (text) => {
    const subject = subjectOf(options.ignoreCase ? asciiLower(text) : text, needsCodePoints);
    if (last === undefined) return subject.length === first.length && matchesAt(subject, 0, first);
    if (!matchesAt(subject, 0, first)) return false;
    let at = first.length;
    for (const run of middle) {
      const found = find(subject, at, run);
      if (found < 0) return false;
      at = found + run.length;
    }
    const end = subject.length - last.length;
    return end >= at && end <= lineEnd(subject, at) && matchesAt(subject, end, last);
  };
}

/** Characters by number; `ANY` stands for one character, whichever. */
type Run = readonly number[];
interface Subject {
  readonly length: number;
  charCodeAt(index: number): number;
}

const ANY = -1;
const QUESTION_MARK = 0x3f;
const SURROGATE = /[\ud800-\udfff]/;

const codePoints = (text: string): number[] => Array.from(text, (char) => char.codePointAt(0) ?? 0);
const codeUnits = (text: string): number[] =>
  Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));

/** `?` takes a whole character: with surrogates around, the text is looked at by code points. */
function subjectOf(text: string, needsCodePoints: boolean): Subject {
  if (!needsCodePoints || !SURROGATE.test(text)) return text;
  const points = codePoints(text);
  return { length: points.length, charCodeAt: (index) => points[index] ?? Number.NaN };
}

function matchesAt(subject: Subject, at: number, run: Run): boolean {
  if (at + run.length > subject.length) return false;
  for (let i = 0; i < run.length; i++) {
    const found = subject.charCodeAt(at + i);
    if (run[i] === ANY ? isLineEnd(found) : run[i] !== found) return false;
  }
  return true;
}

/** Where `run` stands first, with nothing but what a star matches before it; -1 if nowhere. */
function find(subject: Subject, from: number, run: Run): number {
  const to = Math.min(subject.length - run.length, lineEnd(subject, from));
  for (let at = from; at <= to; at++) if (matchesAt(subject, at, run)) return at;
  return -1;
}

/** Position of the first line end, or the length. */
function lineEnd(subject: Subject, from: number): number {
  let at = from;
  while (at < subject.length && !isLineEnd(subject.charCodeAt(at))) at++;
  return at;
}

const isLineEnd = (code: number): boolean =>
  code === 0x0a || code === 0x0d || code === 0x85 || code === 0x2028 || code === 0x2029;

/** Ditto ignores the case of ASCII letters alone. */
const asciiLower = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
