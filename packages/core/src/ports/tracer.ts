/** A stage of a message's way that somebody measures (OpenTelemetry's span). */
export interface Span {
  /** W3C trace context of this stage, for the stages after it: `00-<trace>-<span>-<flags>`. */
  readonly traceparent: string;
  /** @param error why the stage failed; absent: it did not */
  end(error?: unknown): void;
}

/** Traces messages through the line. There is none unless tracing is on: its absence is what keeps it free. */
export interface Tracer {
  /** @param parent the trace context that a message carries; absent or unusable: a new trace begins */
  start(
    name: string,
    parent: string | undefined,
    attributes: Readonly<Record<string, string | number>>,
  ): Span;
}
