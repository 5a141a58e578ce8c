import { type Document, ObjectId } from 'bson';

interface Index {
  readonly name: string;
  readonly key: Document;
  readonly unique?: boolean;
}

export const DUPLICATE_KEY = 11_000;

/** As much of a collection as a store of journals needs: a list of documents, unique indexes, the plain operators. */
export class MongoCollection {
  readonly documents: Document[] = [];
  readonly indexes = new Map<string, Index>([['_id_', { name: '_id_', key: { _id: 1 }, unique: true }]]);

  /** @returns the name of the unique index that refuses the document */
  insert(document: Document): string | undefined {
    const added = { _id: new ObjectId(), ...document };
    const refusing = this.#refusing(added, undefined);
    if (refusing === undefined) this.documents.push(added);
    return refusing;
  }

  find(filter: Document, sort: Document = {}, limit = 0): Document[] {
    const found = this.documents.filter((document) => matches(document, filter)).sort(by(sort));
    return limit > 0 ? found.slice(0, limit) : found;
  }

  /** One document; `$set` and `$unset` only. @throws the name of the unique index that refuses it */
  update(filter: Document, change: Document, upsert: boolean): { matched: number; upserted?: unknown } {
    const index = this.documents.findIndex((document) => matches(document, filter));
    const old = this.documents[index];
    if (old === undefined && !upsert) return { matched: 0 };
    const base = old ?? { _id: new ObjectId(), ...equalities(filter) };
    const changed = { ...base, ...change['$set'] };
    for (const name of Object.keys(change['$unset'] ?? {})) delete changed[name];
    const refusing = this.#refusing(changed, old);
    if (refusing !== undefined) throw new Error(refusing);
    if (old === undefined) this.documents.push(changed);
    else this.documents[index] = changed;
    return old === undefined ? { matched: 0, upserted: changed['_id'] } : { matched: 1 };
  }

  delete(filter: Document, limit: number): number {
    const doomed = this.find(filter, {}, limit);
    for (const document of doomed) this.documents.splice(this.documents.indexOf(document), 1);
    return doomed.length;
  }

  #refusing(document: Document, except: Document | undefined): string | undefined {
    for (const { name, key, unique } of this.indexes.values()) {
      if (!unique) continue;
      const same = (other: Document): boolean =>
        Object.keys(key).every((field) => compare(other[field], document[field]) === 0);
      if (this.documents.some((other) => other !== except && same(other))) return name;
    }
    return undefined;
  }
}

const equalities = (filter: Document): Document =>
  Object.fromEntries(Object.entries(filter).filter(([, condition]) => !isOperators(condition)));

const by =
  (sort: Document) =>
  (a: Document, b: Document): number => {
    for (const [field, direction] of Object.entries(sort)) {
      const order = compare(a[field], b[field]);
      if (order !== 0) return order * Number(direction);
    }
    return 0;
  };

const matches = (document: Document, filter: Document): boolean =>
  Object.entries(filter).every(([field, condition]) =>
    isOperators(condition)
      ? Object.entries(condition).every(([name, operand]) => holds(name, document[field], operand))
      : compare(document[field], condition) === 0,
  );

const isOperators = (condition: unknown): condition is Document =>
  typeof condition === 'object' &&
  condition !== null &&
  Object.keys(condition).some((key) => key.startsWith('$'));

function holds(operator: string, value: unknown, operand: unknown): boolean {
  if (operator === '$exists') return (value !== undefined) === operand;
  if (value === undefined) return false;
  const order = compare(value, operand);
  if (operator === '$gt') return order > 0;
  if (operator === '$gte') return order >= 0;
  if (operator === '$lt') return order < 0;
  if (operator === '$lte') return order <= 0;
  throw new Error(`the double knows no ${operator}`);
}

/** Numbers, dates and texts; anything else by its text. */
function compare(a: unknown, b: unknown): number {
  const [left, right] = [comparable(a), comparable(b)];
  if (left === right) return 0;
  if (typeof left === typeof right) return left < right ? -1 : 1;
  return typeof left < typeof right ? -1 : 1;
}

function comparable(value: unknown): string | number {
  if (typeof value === 'number' || typeof value === 'string') return value;
  if (value instanceof Date) return value.valueOf();
  return value === undefined ? '' : String(value);
}
