const SAFE_NAME = /^[a-zA-Z0-9\-_:]+$/;

/**
 * A connection id as an actor name. nact refuses `:` in names; `.` does not occur in ids, hence the mapping is injective.
 *
 * @throws Error for text that is no connection id
 */
export function encodeName(id: string): string {
  if (!SAFE_NAME.test(id)) throw new Error(`no actor name: ${id}`);
  return id.replaceAll(':', '.');
}

/** The id of an encoded name. */
export function decodeName(name: string): string {
  return name.replaceAll('.', ':');
}
