import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';

/** Policies that others import, by id, as their own JSON. */
export type ImportedPolicies = ReadonlyMap<string, JsonObject>;

/**
 * The entries that count in a policy: its own, and of the policies it imports those that may be imported. An entry that is
 * `implicit` comes along, an `explicit` one if the import names its label, one that is to be imported `never` does not. What an
 * imported policy itself imports does not count (policies/model/.../PolicyImporter.java).
 */
export function effectiveEntries(policy: JsonObject, imported: ImportedPolicies): readonly JsonObject[] {
  const imports = policy['imports'];
  const entries = entriesOf(policy).map(([, entry]) => entry);
  if (!isJsonObject(imports)) return entries;
  for (const id in imports) {
    const from = imported.get(id);
    if (from !== undefined) entries.push(...importedEntries(from, labelsOf(imports[id])));
  }
  return entries;
}

const importedEntries = (policy: JsonObject, labels: ReadonlySet<JsonValue>): readonly JsonObject[] =>
  entriesOf(policy)
    .filter(
      ([label, { importable }]) => importable !== 'never' && (importable !== 'explicit' || labels.has(label)),
    )
    .map(([, entry]) => entry);

/** The entries of a policy that are objects, with their labels. */
function entriesOf({ entries }: JsonObject): [label: string, entry: JsonObject][] {
  if (!isJsonObject(entries)) return [];
  return Object.entries(entries).filter((pair): pair is [string, JsonObject] => isJsonObject(pair[1]));
}

function labelsOf(policyImport: JsonValue | undefined): ReadonlySet<JsonValue> {
  const labels = isJsonObject(policyImport) ? policyImport['entries'] : undefined;
  return new Set(isJsonArray(labels) ? labels : []);
}
