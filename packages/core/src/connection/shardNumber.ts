/** Java's `String.hashCode`. */
export function javaHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0;
  return hash;
}

/** The shard of an id (internal/utils/cluster/.../ShardNumberCalculator.java). */
export function shardNumber(id: string, shards: number): number {
  const hash = Math.abs(javaHash(id));
  return hash > 0x7fffffff ? 0 : hash % shards;
}
