import { type EntityTag, entityTagText } from '../headers/entityTag.ts';
import type { JsonValue } from '../json/jsonValue.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import { withHeaders } from '../protocol/dittoHeaders.ts';
import type { Signal } from '../protocol/signal.ts';

/* What events and responses about things and about policies have in common. */

export interface EventParts {
  /** Name of the resource at the command's path. */
  readonly resource: string;
  /** Undefined for a deletion. */
  readonly value: JsonValue | undefined;
  readonly revision: number;
  /** ISO-8601 instant. */
  readonly timestamp: string;
}

export interface ResponseParts {
  readonly resource: string;
  readonly status: number;
  readonly value?: JsonValue | undefined;
  /** Of the entity after the command. */
  readonly revision: number;
  /** Of what the command was about, if that is there. */
  readonly tag: EntityTag | undefined;
}

/** What a command asks of the state, not of those who get its event. */
const CONDITIONS = {
  'if-match': undefined,
  'if-none-match': undefined,
  'if-equal': undefined,
  condition: undefined,
};

/** The headers of a command, but for its conditions. */
export const withoutConditions = ({ headers }: Signal): DittoHeaders => withHeaders(headers, CONDITIONS);

/** The headers of a command, with the tag and the revision that are now. */
export const withTag = ({ headers }: Signal, { revision, tag }: ResponseParts): DittoHeaders =>
  withHeaders(headers, {
    'entity-revision': String(revision),
    etag: tag === undefined ? undefined : entityTagText(tag),
  });
