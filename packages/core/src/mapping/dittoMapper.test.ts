import { describe, expect, test } from '@jest/globals';
import { parseJson } from '../json/parseJson.ts';
import { parseAdaptable } from '../protocol/adaptable.ts';
import { dittoMapper } from './dittoMapper.ts';

const text =
  '{"topic":"a/b/things/twin/commands/modify","headers":{"correlation-id":"c"},"path":"/","value":1}';
const adaptable = parseAdaptable(parseJson(text));

describe('the Ditto mapper', () => {
  test('reads text, and bytes in the charset of the content type', () => {
    const latin1 = Buffer.from(text.replace('"value":1', '"value":"ü"'), 'latin1');
    expect(dittoMapper.mapInbound({ headers: {}, text }, {})).toEqual([adaptable]);
    expect(
      dittoMapper.mapInbound({ headers: { 'Content-Type': 'x/y;charset=ISO-8859-1' }, bytes: latin1 }, {}),
    ).toEqual([{ ...adaptable, value: 'ü' }]);
  });

  test('writes the message, and shows its correlation id and content type alone', () => {
    const [message] = dittoMapper.mapOutbound(adaptable) as readonly { text: string; headers: unknown }[];
    expect(parseJson(message?.text ?? '')).toEqual(parseJson(text));
    expect(message?.headers).toEqual({
      'content-type': 'application/vnd.eclipse.ditto+json',
      'correlation-id': 'c',
    });
  });

  test.each([
    ['nothing', {}, 'As payload was absent or empty'],
    ['an empty text', { text: '' }, 'As payload was absent or empty'],
    ['no bytes', { bytes: new Uint8Array() }, 'As payload was absent or empty'],
  ])('refuses %s', (_what, payload, description) => {
    expect(() => dittoMapper.mapInbound({ headers: {}, ...payload }, {})).toThrow(
      expect.objectContaining({
        code: 'connectivity:message.mapping.failed',
        description: expect.stringContaining(description),
      }),
    );
  });

  test.each([
    ['hello', "Failed to parse JSON string 'hello'!"],
    ['[]', '<[]> is not a valid JSON object!'],
    ['null', 'JSON did not include required </topic> field!'],
    ['['.repeat(100_000), 'Failed to parse JSON string'],
    ['{"topic":"a/b/c","path":"/"}', "The topic path 'a/b/c' is not supported."],
    ['{"topic":"a/b/things/twin/commands/modify"}', 'JSON did not include required </path> field!'],
  ])('refuses %.40s', (payload, message) => {
    expect(() => dittoMapper.mapInbound({ headers: {}, text: payload }, {})).toThrow(message);
  });
});
