/** Whether a PUBLISH may carry this topic [MQTT-3.3.2-1, -2], [MQTT-4.7.3-1, -2]; U+FFFD stands for broken UTF-8. */
export function isTopicName(topic: string): boolean {
  return topic !== '' && !/[+#\0\uFFFD]/.test(topic) && Buffer.byteLength(topic) <= 65_535;
}

/** Whether a topic filter (also `$share/group/filter`) matches a topic name [MQTT-4.7]. */
export function topicMatcher(filter: string): (topic: string) => boolean {
  const levels = withoutShare(filter).split('/');
  if (!levels.some((level) => level === '+' || level === '#')) {
    const exact = levels.join('/');
    return (topic) => topic === exact;
  }
  const startsWithWildcard = levels[0] === '+' || levels[0] === '#';
  return (topic) => {
    if (startsWithWildcard && topic.startsWith('$')) return false;
    return levelsMatch(levels, topic.split('/'));
  };
}

function levelsMatch(filter: readonly string[], topic: readonly string[]): boolean {
  for (let i = 0; i < filter.length; i++) {
    if (filter[i] === '#') return true;
    if (i >= topic.length) return false;
    if (filter[i] !== '+' && filter[i] !== topic[i]) return false;
  }
  return filter.length === topic.length;
}

function withoutShare(filter: string): string {
  if (!filter.startsWith('$share/')) return filter;
  const afterGroup = filter.indexOf('/', '$share/'.length);
  return afterGroup < 0 ? filter : filter.slice(afterGroup + 1);
}
