/** An HTTP request before it is signed. */
export interface SignableRequest {
  readonly method: string;
  readonly url: URL;
  /** Path as it will be sent, percent-encoded; may be empty. */
  readonly path: string;
  /** Query as it will be sent, without the question mark. */
  readonly query: string | undefined;
  /** `none/none` for a request without body. */
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What signing adds to a request. */
export interface RequestSignature {
  readonly addedHeaders: Readonly<Record<string, string>>;
  /** Value of `Authorization`. */
  readonly authorization: string;
}

/** Signs a request at a time, ms since 1970. */
export type RequestSigner = (request: SignableRequest, now: number) => RequestSignature;
