import { timePlaceholder } from '../placeholders/timePlaceholder.ts';
import type { RqlNode } from '../rql/ast.ts';
import { parseRql } from '../rql/parseRql.ts';

/** The RQL of a `condition` or a `live-channel-condition`, which know `time:now`. @throws DittoError `rql.expression.invalid` */
export const parseCondition = (condition: string): RqlNode =>
  parseRql(condition, { placeholders: [timePlaceholder] });
