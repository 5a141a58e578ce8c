import type { Lease, ShardCoordinator, ShardOwner } from '@hawser/core';

/** One process runs all shards, for ever: no timer, no store, no other node. */
export class SoloCoordinator implements ShardCoordinator {
  readonly #shards: number;
  readonly #nodeId: string;
  #owner: ShardOwner | undefined;

  constructor(shards: number, nodeId: string) {
    this.#shards = shards;
    this.#nodeId = nodeId;
  }

  async start(owner: ShardOwner): Promise<void> {
    this.#owner = owner;
    for (let shard = 0; shard < this.#shards; shard++) {
      const lease: Lease = { shard, epoch: 1, valid: () => true, lost: new AbortController().signal };
      await owner.acquired(lease);
    }
  }

  locate(): Promise<{ nodeId: string; local: boolean }> {
    return Promise.resolve({ nodeId: this.#nodeId, local: true });
  }

  members(): Promise<readonly { nodeId: string }[]> {
    return Promise.resolve([{ nodeId: this.#nodeId }]);
  }

  async stop(): Promise<void> {
    const owner = this.#owner;
    this.#owner = undefined;
    if (owner === undefined) return;
    const shards = Array.from({ length: this.#shards }, (_, shard) => shard);
    await Promise.all(shards.map((shard) => owner.revoked(shard, 'shutdown')));
  }
}
