import type kafkajs from 'kafkajs';
import type { Admin, PartitionAssigner } from 'kafkajs';
import { isUnknownTopic } from './errors.ts';

export interface Member {
  readonly memberId: string;
  readonly topics: readonly string[];
}

/** Partitions by topic, by member. */
export type Shares = ReadonlyMap<string, Readonly<Record<string, number[]>>>;

/**
 * Java's default (org.apache.kafka.clients.consumer.RangeAssignor): the partitions of a topic, in order, in equal runs among
 * those who want this topic, in the order of their ids.
 */
export function assignRanges(
  members: readonly Member[],
  partitionsOf: ReadonlyMap<string, readonly number[]>,
): Shares {
  const shares = new Map<string, Record<string, number[]>>(members.map(({ memberId }) => [memberId, {}]));
  for (const [topic, unsorted] of partitionsOf) {
    const partitions = [...unsorted].sort((a, b) => a - b);
    const takers = members
      .filter(({ topics }) => topics.includes(topic))
      .map(({ memberId }) => memberId)
      .sort();
    const least = Math.floor(partitions.length / takers.length);
    const withOneMore = partitions.length % takers.length;
    let at = 0;
    takers.forEach((memberId, index) => {
      const count = least + (index < withOneMore ? 1 : 0);
      const share = shares.get(memberId);
      if (share !== undefined && count > 0) share[topic] = partitions.slice(at, at + count);
      at += count;
    });
  }
  return shares;
}

/**
 * How a group's leader shares partitions out. The driver's own way gives those of the leader's topics to all members, wanted
 * or not, and those of other topics to nobody; this one knows what each member wants, and members with Java's clients
 * understand it.
 */
export function rangeAssigner(
  { MemberMetadata, MemberAssignment }: typeof kafkajs.AssignerProtocol,
  admin: Pick<Admin, 'fetchTopicMetadata'>,
): PartitionAssigner {
  const none = Buffer.alloc(0);
  const topicsOf = (metadata: Buffer): readonly string[] => {
    try {
      return MemberMetadata.decode(metadata)?.topics ?? [];
    } catch {
      return []; // whoever wrote this gets nothing
    }
  };
  return () => ({
    name: 'range',
    version: 0,
    protocol: ({ topics }) => ({
      name: 'range',
      metadata: MemberMetadata.encode({ version: 0, topics, userData: none }),
    }),
    async assign({ members: given }) {
      const members = given.map(({ memberId, memberMetadata }) => ({
        memberId,
        topics: topicsOf(memberMetadata),
      }));
      const topics = [...new Set(members.flatMap((member) => member.topics))];
      const partitionsOf = new Map(await Promise.all(topics.map((topic) => partitionsOfTopic(admin, topic))));
      return [...assignRanges(members, partitionsOf)].map(([memberId, assignment]) => ({
        memberId,
        memberAssignment: MemberAssignment.encode({ version: 0, assignment, userData: none }),
      }));
    },
  });
}

/** Asked for one by one: a missing topic fails the question for all others. */
async function partitionsOfTopic(
  admin: Pick<Admin, 'fetchTopicMetadata'>,
  topic: string,
): Promise<readonly [string, readonly number[]]> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return [topic, topics[0]?.partitions.map(({ partitionId }) => partitionId) ?? []];
  } catch (error) {
    if (!isUnknownTopic(error)) throw error;
    return [topic, []];
  }
}
