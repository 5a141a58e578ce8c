/** Reads a small JSON document. @throws Error when it cannot be had: no answer in time, a redirect, another status, too long, no JSON */
export type FetchJson = (url: string) => Promise<unknown>;

export interface FetchLimits {
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

export const fetchJson =
  ({ timeoutMs, maxBytes }: FetchLimits): FetchJson =>
  async (url) => {
    const response = await fetch(url, {
      // where a redirect leads was not configured by anyone
      redirect: 'error',
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.status !== 200) throw new Error(`${url} answered ${response.status}`);
    return JSON.parse(await textOf(response, maxBytes));
  };

async function textOf(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new Error(`${response.url} answered with more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
