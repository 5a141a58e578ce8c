import type { DittoError } from '../errors/dittoError.ts';
import { makeError } from '../errors/makeError.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import { put } from '../protocol/dittoHeaders.ts';
import type { HttpTargetOverrides } from './httpRequestTarget.ts';

/** The headers of an outbound message as an HTTP request takes them. */
export interface HttpPushHeaders {
  readonly headers: Readonly<Record<string, string>>;
  /** Becomes the content type of the body. */
  readonly contentType: string | undefined;
  readonly overrides: HttpTargetOverrides;
}

/** RFC 9110 `token` and `field-value`; in values characters beyond Latin-1 are refused too, no HTTP client sends them. */
const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

/**
 * Takes the headers apart that mean something to HTTP push (spec 04, 7). Names count without regard to case.
 *
 * @throws DittoError `connectivity:message.sending.failed` 400 for a name or value that would break out of its line
 */
export function httpPushHeaders(headers: DittoHeaders): HttpPushHeaders {
  const sent: Record<string, string> = {};
  const special: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const key = name.toLowerCase();
    if (!NAME.test(name) || !VALUE.test(value)) throw illegalHeader(name);
    if (key === 'content-type' || key === 'http.path' || key === 'http.query') special[key] = value;
    else put(sent, name, value);
  }
  return {
    headers: sent,
    contentType: special['content-type'],
    overrides: { path: special['http.path'], query: special['http.query'] },
  };
}

const illegalHeader = (name: string): DittoError =>
  makeError('connectivity:message.sending.failed', `The header <${JSON.stringify(name)}> cannot be sent.`, {
    status: 400,
    description:
      'Names must be tokens of HTTP; values must not hold line ends, control characters or Unicode.',
  });
