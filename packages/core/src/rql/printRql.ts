import { JsonNumber } from '../json/jsonValue.ts';
import type { RqlLiteral, RqlNode } from './ast.ts';

/** Writes an expression so that `parseRql` reads the same one back. */
export function printRql(node: RqlNode): string {
  switch (node.op) {
    case 'and':
    case 'or':
      return `${node.op}(${node.nodes.map(printRql).join(',')})`;
    case 'not':
      return `not(${printRql(node.node)})`;
    case 'exists':
    case 'empty':
      return `${node.op}(${printProperty(node.property)})`;
    case 'in':
      return `in(${printProperty(node.property)},${node.values.map(printLiteral).join(',')})`;
    default:
      return `${node.op}(${printProperty(node.property)},${printLiteral(node.value)})`;
  }
}

function printLiteral(value: RqlLiteral): string {
  if (typeof value === 'string') return `"${value.replace(/["\\]/g, (char) => `\\${char}`)}"`;
  if (value instanceof JsonNumber) return value.text;
  if (typeof value === 'object' && value !== null) return `${value.prefix}:${value.name}`;
  return String(value);
}

const printProperty = (property: string): string =>
  property.replace(/[,)"\\]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
