/*
 * How messages come to the functions of a script and their results back: JavaScript text that runs inside the engine. Only
 * texts and buffers pass; what a script did to its own built-ins can spoil nothing but its own result.
 */

/** Most characters of an error's name, message and stack. */
export const MAX_ERROR_CHARS = 2000;

/** Most characters and lines that the console of a script keeps for one message. */
const MAX_CONSOLE = { chars: 20_000, lines: 200 };

/**
 * Gives `{ inbound, outbound, takeBuffers, describe, print, takeConsole }`. The first two give a text: the JSON of an array, after a
 * `#` where there are buffers to be taken, or a `!` and the JSON of what was thrown.
 */
export const glue = `
(function () {
  'use strict';
  const { parse, stringify } = JSON;
  const { keys, hasOwn, is, setPrototypeOf, getOwnPropertyDescriptor } = Object;
  const { isArray } = Array;
  const { isView } = ArrayBuffer;
  const { apply } = Reflect;
  const byteLengthOf = getOwnPropertyDescriptor(ArrayBuffer.prototype, 'byteLength').get;
  const slice = ArrayBuffer.prototype.slice;
  const toExponential = Number.prototype.toExponential;
  const substring = String.prototype.substring;
  const includes = String.prototype.includes;

  // As in Ditto, a payload is no instance of the script's own ArrayBuffer; views over it work.
  const payload = {
    get byteLength() { return apply(byteLengthOf, this, []); },
    slice(start, end) { return apply(slice, this, [start, end]); },
  };

  const cut = (text) => apply(substring, text, [0, ${MAX_ERROR_CHARS}]);

  function textIn(holder, key, fallback) {
    try {
      const value = holder[key];
      return value === undefined ? fallback : cut('' + value);
    } catch {
      return fallback;
    }
  }

  function failure(thrown) {
    // the engine throws null where no memory is left for an error; hardly any script does
    if (thrown === null) return '!' + stringify({ name: 'InternalError', message: 'null was thrown, as by the engine where it has no memory left', stack: '' });
    const isObject = (typeof thrown === 'object' && thrown !== null) || typeof thrown === 'function';
    return '!' + stringify(isObject
      ? { name: textIn(thrown, 'name', 'Error'), message: textIn(thrown, 'message', ''), stack: textIn(thrown, 'stack', '') }
      : { name: '', message: typeof thrown === 'symbol' ? 'a symbol' : cut('' + thrown), stack: '' });
  }

  function jsonOf(value) {
    const text = stringify(value);
    if (text === undefined) throw new TypeError('The script returned no JSON value but ' + typeof value + '.');
    return text;
  }

  function join(texts) {
    let all = '[';
    for (let i = 0; i < texts.length; i++) all += i === 0 ? texts[i] : ',' + texts[i];
    return all + ']';
  }

  /** Items of an array without its holes. */
  function itemsOf(result) {
    const items = [];
    for (const key of keys(result)) items[items.length] = result[key];
    return items;
  }

  function mapItems(result, map) {
    if (!isArray(result)) return '[' + map(result) + ']';
    const texts = [];
    const items = itemsOf(result);
    for (let i = 0; i < items.length; i++) texts[i] = map(items[i]);
    return join(texts);
  }

  function inbound(headersJson, text, bytePayload, isTextJson) {
    try {
      const textPayload = isTextJson ? parse(text) : text;
      const headers = parse(headersJson);
      const contentType = hasOwn(headers, 'content-type') ? headers['content-type'] : null;
      if (bytePayload !== null) setPrototypeOf(bytePayload, payload);
      const result = globalThis.mapToDittoProtocolMsgWrapper({ headers, textPayload, bytePayload, contentType });
      return result === null ? '[]' : mapItems(result, jsonOf);
    } catch (thrown) {
      return failure(thrown);
    }
  }

  function outbound(messageJson) {
    try {
      const message = parse(messageJson);
      const result = globalThis.mapFromDittoProtocolMsgWrapper(message);
      if (result === null) return '[]';
      buffers = [];
      const text = mapItems(result, (item) => externalOf(item, messageJson));
      return buffers.length === 0 ? text : '#' + text;
    } catch (thrown) {
      return failure(thrown);
    }
  }

  function externalOf(item, messageJson) {
    if (typeof item !== 'object' || item === null || isArray(item))
      throw new TypeError('The script returned no external message.');
    const { textPayload, bytePayload, contentType } = item;
    const headers = headersOf(item.headers, contentType, messageJson);
    const bytes = bytesOf(bytePayload);
    if (bytes !== undefined) {
      buffers[buffers.length] = bytes;
      return stringify({ headers, bytes: buffers.length - 1 });
    }
    if (textPayload === undefined || textPayload === null)
      throw new TypeError('Neither <bytePayload> nor <textPayload> were defined in the outgoing script');
    if (typeof textPayload !== 'string') throw new TypeError('The textPayload is no string but ' + typeof textPayload + '.');
    return stringify({ headers, text: textPayload });
  }

  function headersOf(headers, contentType, messageJson) {
    if (typeof contentType !== 'string') throw new TypeError('The contentType is no string.');
    const texts = setPrototypeOf({}, null);
    if (headers !== undefined && headers !== null) {
      if (typeof headers !== 'object' || isArray(headers)) throw new TypeError('The headers are no object.');
      const numberOf = numbersOf(messageJson);
      for (const key of keys(headers)) {
        if (key === 'content-type') continue;
        texts[key] = headerText(headers[key], numberOf);
      }
    }
    texts['content-type'] = contentType;
    return texts;
  }

  function headerText(value, numberOf) {
    if (value === null || value === undefined) return 'null';
    if (typeof value === 'number') return numberOf(value);
    if (typeof value === 'object') {
      const text = headerJson(value, numberOf);
      if (text !== undefined) return text;
    }
    return '' + value;
  }

  function headerJson(value, numberOf) {
    if (value === null || value === undefined) return 'null';
    if (typeof value === 'number') return numberOf(value);
    if (typeof value === 'string' || typeof value === 'boolean') return stringify(value);
    if (isArray(value)) return mapItems(value, (item) => arrayItem(item, numberOf));
    if (typeof value !== 'object' || stringify(value) === undefined) return stringify('' + value);
    let texts = '';
    for (const key of keys(value))
      texts += (texts === '' ? '' : ',') + stringify(key) + ':' + headerJson(value[key], numberOf);
    return '{' + texts + '}';
  }

  /** A text in an array that is JSON is taken for what it says. */
  function arrayItem(item, numberOf) {
    if (typeof item !== 'string') return headerJson(item, numberOf);
    try {
      return stringify(parse(item));
    } catch {
      return stringify(item);
    }
  }

  /**
   * Ditto's engine writes whole numbers of the message as such and those that scripts write down or compute as 5.0, but 0 and
   * 1. They look the same here: what occurs in the message counts as taken from it.
   */
  function numbersOf(messageJson) {
    let seen;
    return (number) => {
      if (is(number, 0) || number === 1) return '' + number;
      seen = seen || numbersIn(parse(messageJson), {});
      return seen['n' + number] === true ? '' + number : javaText(number);
    };
  }

  function numbersIn(value, seen) {
    if (typeof value === 'number') seen['n' + value] = true;
    else if (typeof value === 'object' && value !== null) for (const key of keys(value)) numbersIn(value[key], seen);
    return seen;
  }

  /** Java's Double.toString. */
  function javaText(number) {
    const size = number < 0 ? -number : number;
    const text = '' + number;
    if (number !== number || size === Infinity) return text;
    if (size === 0) return '-0.0';
    if (size >= 1e-3 && size < 1e7) return apply(includes, text, ['.']) ? text : text + '.0';
    const [digits, exponent] = split(apply(toExponential, number, []));
    return (apply(includes, digits, ['.']) ? digits : digits + '.0') + 'E' + exponent;
  }

  function split(text) {
    let at = 0;
    while (text[at] !== 'e') at++;
    const exponent = apply(substring, text, [at + 1]);
    return [apply(substring, text, [0, at]), exponent[0] === '+' ? apply(substring, exponent, [1]) : exponent];
  }

  /** A buffer, or the low bytes of the numbers of an array; undefined for anything else. */
  function bytesOf(value) {
    if (typeof value !== 'object' || value === null) return undefined;
    if (isArray(value) || (isView(value) && !(value instanceof DataView))) {
      const bytes = new Uint8Array(value.length);
      for (let i = 0; i < bytes.length; i++) {
        const number = value[i];
        if (typeof number !== 'number') throw new TypeError('The bytePayload has an item that is no number.');
        bytes[i] = number > 2147483647 ? 255 : number < -2147483648 ? 0 : number;
      }
      return bytes.buffer;
    }
    try {
      apply(byteLengthOf, value, []);
      return value;
    } catch {
      return undefined;
    }
  }

  /** Those of the last outbound result. */
  let buffers = [];
  function takeBuffers() {
    const taken = buffers;
    buffers = [];
    return taken;
  }

  let lines = [];
  let chars = 0;
  function print(...items) {
    if (lines.length >= ${MAX_CONSOLE.lines} || chars >= ${MAX_CONSOLE.chars}) return;
    let line = '';
    for (let i = 0; i < items.length; i++) {
      const item = items[i];
      let text;
      try {
        text = typeof item === 'object' && item !== null ? stringify(item) : '' + item;
      } catch {
        text = '(cannot be shown)';
      }
      line += (i === 0 ? '' : ' ') + apply(substring, '' + text, [0, ${MAX_CONSOLE.chars}]);
    }
    chars += line.length;
    lines[lines.length] = stringify(apply(substring, line, [0, ${MAX_CONSOLE.chars}]));
  }
  function takeConsole() {
    const text = join(lines);
    lines = [];
    chars = 0;
    return text;
  }
  return { inbound, outbound, takeBuffers, describe: failure, print, takeConsole };
})()
`;
