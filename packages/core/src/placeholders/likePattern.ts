/**
 * Compiles the pattern of `fn:filter('like', …)` (placeholders/.../filter/LikeFunction.java): `*` any run, `?` one character,
 * `|` alternatives, everything else itself; the whole text must match, wildcards do not match line ends.
 *
 * Each alternative costs at most text length times pattern length: on a mismatch only the last star is extended, which is
 * enough, because a star that has matched as little as possible leaves the most to those after it.
 */
export function compileLikePattern(pattern: string): (text: string) => boolean {
  const alternatives = pattern.split('|').map((alternative) => Array.from(alternative.replace(/\*+/g, '*')));
  return (text) => {
    const characters = Array.from(text);
    return alternatives.some((alternative) => matches(characters, alternative));
  };
}

function matches(text: readonly string[], pattern: readonly string[]): boolean {
  let t = 0;
  let p = 0;
  let star = -1;
  let starText = 0;
  while (t < text.length) {
    const wanted = pattern[p];
    if (wanted === '*') {
      star = p++;
      starText = t;
    } else if (wanted === text[t] || (wanted === '?' && !isLineEnd(text[t]))) {
      t++;
      p++;
    } else if (star >= 0 && !isLineEnd(text[starText])) {
      t = ++starText;
      p = star + 1;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

const isLineEnd = (c: string | undefined): boolean =>
  c === '\n' || c === '\r' || c === '\u0085' || c === '\u2028' || c === '\u2029';
