/**
 * The order in which a java.util.HashMap or HashSet of strings is walked. Some messages of Ditto print such a collection.
 * (Buckets by spread hash; within a bucket in order of insertion.)
 */
export function javaHashOrder(keys: readonly string[]): readonly string[] {
  let buckets = 16;
  while (keys.length > buckets * 0.75) buckets *= 2;
  return keys
    .map((key) => ({ key, bucket: bucketOf(key, buckets) }))
    .sort((a, b) => a.bucket - b.bucket)
    .map(({ key }) => key);
}

function bucketOf(key: string, buckets: number): number {
  let hash = 0;
  for (let i = 0; i < key.length; i++) hash = (Math.imul(hash, 31) + key.charCodeAt(i)) | 0;
  return (hash ^ (hash >>> 16)) & (buckets - 1);
}
