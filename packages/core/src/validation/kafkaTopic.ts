const MAX_TOPIC_LENGTH = 249;

/** Why a text is no topic name, in the words of Kafka (org.apache.kafka.common.internals.Topic); undefined for one that is. */
export function kafkaTopicFault(topic: string): string | undefined {
  if (topic === '') return 'the empty string is not allowed';
  if (topic === '.' || topic === '..') return `'${topic}' is not allowed`;
  if (topic.length > MAX_TOPIC_LENGTH)
    return `the length of '${topic}' is longer than the max allowed length ${MAX_TOPIC_LENGTH}`;
  return /^[a-zA-Z0-9._-]+$/.test(topic)
    ? undefined
    : `'${topic}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`;
}
