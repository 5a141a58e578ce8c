import { isDittoAckLabel } from '../protocol/ackLabel.ts';

/** What became of a signal at a connection that might have acknowledged it. */
export type PublishOutcome =
  /** No target wanted it. */
  | { readonly kind: 'noTarget' }
  /** All mappers dropped it, or it was filtered after enrichment. */
  | { readonly kind: 'allDropped' }
  /** The connection sent it itself. */
  | { readonly kind: 'ownOrigin' }
  /** `issuedLabels`: labels that the targets issue at which it was published. */
  | { readonly kind: 'published'; readonly issuedLabels: readonly string[] };

export interface AckLabelsOfConnection {
  readonly connectionId: string;
  /** Labels declared by the connection's sources; `{{connection:id}}` may be unresolved. */
  readonly sourceDeclared: readonly string[];
  /** Labels issued by its targets, likewise. */
  readonly targetIssued: readonly string[];
}

const CONNECTION_ID = /\{\{\s*connection:id\s*\}\}/g;

/**
 * The requested labels that nobody at this connection will acknowledge any more; they are acknowledged weakly, so that
 * nobody waits for them (connectivity/service/.../OutboundDispatchingActor.java).
 */
export function weakAckLabels(
  requested: readonly string[],
  outcome: PublishOutcome,
  labels: AckLabelsOfConnection,
): readonly string[] {
  if (outcome.kind === 'ownOrigin') return [];
  const resolve = (label: string): string => label.replace(CONNECTION_ID, () => labels.connectionId);
  const issued = labels.targetIssued.map(resolve);
  const published = outcome.kind === 'published' ? outcome.issuedLabels.map(resolve) : [];
  const unacknowledged =
    outcome.kind === 'published'
      ? issued.filter((label) => !published.includes(label))
      : [...labels.sourceDeclared.map(resolve), ...issued];
  return [...new Set(requested)].filter((label) => !isDittoAckLabel(label) && unacknowledged.includes(label));
}
