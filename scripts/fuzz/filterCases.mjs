// RQL filters for the fuzzing of the line.

/** A maker of filters that draws from `random`. */
export function createFilters(random) {
  const below = (n) => Math.floor(random() * n);
  const pick = (items) => items[below(items.length)];
  const some = (make, most = 3) => Array.from({ length: below(most + 1) }, make);

  const FIELDS = (
    'attributes/n attributes/o/k features/f/properties/x features/*/properties/x thingId ' +
    '_revision topic:action resource:path time:now attributes/__proto__ ' +
    'attributes/constructor/prototype'
  ).split(' ');

  function filter(depth = 0) {
    if (depth < 4 && random() < 0.4) {
      const op = pick(['and', 'or', 'not']);
      const parts = op === 'not' ? [0] : [0, ...some(() => 0, 2)];
      return `${op}(${parts.map(() => filter(depth + 1)).join(',')})`;
    }
    const op = pick(['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'like', 'ilike', 'in', 'exists', 'empty']);
    const field = pick(FIELDS);
    if (op === 'exists' || op === 'empty') return `${op}(${field})`;
    if (op === 'in') return `in(${[field, literal(), ...some(literal)].join(',')})`;
    return `${op}(${field},${literal()})`;
  }

  const literal = () =>
    pick([
      '1',
      '-2.5',
      '1e400',
      'true',
      'null',
      '"a"',
      "'b'",
      '"\\"',
      'time:now',
      `"${'*?'.repeat(below(40))}"`,
      `"${'a*'.repeat(below(300))}b"`,
    ]);

  return filter;
}
