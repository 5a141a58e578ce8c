import { Buffer } from 'node:buffer';

/** UTF-8 of a Java string: half a surrogate pair becomes a question mark. */
function utf8(text: string): Buffer {
  return Buffer.from(withoutLoneSurrogates(text), 'utf8');
}

function withoutLoneSurrogates(text: string): string {
  if (!/[\ud800-\udfff]/.test(text)) return text;
  return Array.from(text, (c) => (c.length === 1 && c >= '\ud800' && c <= '\udfff' ? '?' : c)).join('');
}

export const encodeBase64 = (value: string): string => utf8(value).toString('base64');

// deterministic: each character fits exactly one place of the pattern
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

/** Standard alphabet; padding may be missing, but not be wrong (`java.util.Base64.getDecoder`). Undefined for other text. */
export function decodeBase64(value: string): string | undefined {
  return isBase64(value) ? Buffer.from(value, 'base64').toString('utf8') : undefined;
}

export const isBase64 = (value: string): boolean => BASE64.test(value);

/** `java.net.URLEncoder`: form encoding, a blank becomes `+`. */
export function encodeForm(value: string): string {
  return encodeURIComponent(withoutLoneSurrogates(value))
    .replace(/%20/g, '+')
    .replace(/[!'()~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** `java.net.URLDecoder`. Undefined for a percent sign without two digits after it. */
export function decodeForm(value: string): string | undefined {
  const text = value.replaceAll('+', ' ');
  if (!text.includes('%')) return text;
  let isValid = true;
  const decoded = text.replace(/(?:%[0-9a-fA-F]{2})+|%/g, (run) => {
    if (run === '%') isValid = false;
    return Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8');
  });
  return isValid ? decoded : undefined;
}
