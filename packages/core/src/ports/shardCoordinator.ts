/** The right to run one shard, as long as it is valid. */
export interface Lease {
  readonly shard: number;
  /** Counts the owners; written into every event. */
  readonly epoch: number;
  /** False from the moment at which another process may have taken over. */
  valid(): boolean;
  /** Fires when the lease is lost without having been given back. */
  readonly lost: AbortSignal;
}

export interface ShardOwner {
  acquired(lease: Lease): Promise<void>;
  /** Must resolve before another owner may start: clients are closed, actors stopped. */
  revoked(shard: number, why: 'lost' | 'rebalance' | 'shutdown'): Promise<void>;
}

export interface Member {
  readonly nodeId: string;
  readonly address?: string;
}

/** Says which process runs which shard. The connection actors know nothing else of other processes. */
export interface ShardCoordinator {
  start(owner: ShardOwner): Promise<void>;
  locate(shard: number): Promise<(Member & { readonly local: boolean }) | undefined>;
  members(): Promise<readonly Member[]>;
  /** Gives the leases back once `revoked` has resolved. */
  stop(): Promise<void>;
}

/** Carries questions to the process that runs a shard. */
export interface NodeTransport {
  ask(
    address: string,
    envelope: unknown,
    options: { readonly timeoutMs: number; readonly signal?: AbortSignal },
  ): Promise<unknown>;
  serve(answer: (envelope: unknown) => Promise<unknown>): Promise<void>;
}
