/*
 * Topics of MQTT, with the words of the library by which Ditto checks them
 * (HiveMQ MQTT client, com/hivemq/client/internal/mqtt/datatypes/MqttTopicImpl.java, MqttTopicFilterImpl.java).
 */

/** Why a text is no topic name, or undefined when it is one. */
export function mqttTopicFault(topic: string): string | undefined {
  const fault = textFault(topic, 'Topic');
  if (fault !== undefined) return fault;
  const wildcard = ['#', '+'].find((character) => topic.includes(character));
  return wildcard === undefined ? undefined : wildcardText('Topic', topic, wildcard, topic.indexOf(wildcard));
}

const SHARE_PREFIX = '$share/';

/** Why a text is no topic filter, or undefined when it is one. */
export function mqttTopicFilterFault(filter: string): string | undefined {
  const fault = textFault(filter, 'Topic filter');
  if (fault !== undefined) return fault;
  return filter.startsWith(SHARE_PREFIX) ? sharedFilterFault(filter) : misplacedWildcard(filter);
}

function sharedFilterFault(filter: string): string | undefined {
  const slash = filter.indexOf('/', SHARE_PREFIX.length);
  const end = slash < 0 ? filter.length : slash;
  const name = filter.slice(SHARE_PREFIX.length, end);
  const wildcard = /[#+]/.exec(name)?.[0];
  if (wildcard !== undefined) return wildcardText('Share name', name, wildcard, filter.indexOf(wildcard));
  if (name === '') return 'Share name must be at least one character long.';
  if (end >= filter.length - 1) return 'Topic filter must be at least one character long.';
  return misplacedWildcard(filter.slice(end + 1));
}

function wildcardText(kind: string, shown: string, wildcard: string, index: number): string {
  const level = wildcard === '#' ? 'multi' : 'single';
  return `${kind} [${shown}] must not contain ${level} level wildcard (${wildcard}), found at index ${index}.`;
}

function misplacedWildcard(filter: string): string | undefined {
  const problem = wildcardProblem(filter);
  return problem === undefined
    ? undefined
    : `Topic filter [${filter}] contains misplaced wildcard characters. ${problem}`;
}

function wildcardProblem(filter: string): string | undefined {
  for (let i = 0; i < filter.length; i++) {
    const character = filter[i];
    if (character !== '#' && character !== '+') continue;
    if (i > 0 && filter[i - 1] !== '/')
      return `Wildcard (${character}) at index ${i} must follow a topic level separator.`;
    if (i === filter.length - 1) continue;
    if (character === '#') return 'Multi level wildcard (#) must be the last character.';
    if (filter[i + 1] !== '/')
      return `Single level wildcard (+) at index ${i} must be followed by a topic level separator.`;
  }
  return undefined;
}

const MAX_BYTES = 65_535;

function textFault(text: string, kind: string): string | undefined {
  if (text === '') return `${kind} must be at least one character long.`;
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_BYTES)
    return `${kind} [${text.slice(0, 10)}...] must not be longer than ${MAX_BYTES} bytes, but was ${bytes} bytes.`;
  return characterFault(text, kind);
}

function characterFault(text: string, kind: string): string | undefined {
  const at = (what: string, index: number): string =>
    `${kind} [${text}] must not contain ${what}, found at index ${index}.`;
  let isAfterHigh = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0) return at('null character (U+0000)', i);
    const isLow = code >= 0xdc00 && code <= 0xdfff;
    if (isAfterHigh !== isLow) return at('unmatched UTF-16 surrogate', i);
    isAfterHigh = code >= 0xd800 && code <= 0xdbff;
  }
  return isAfterHigh ? at('unmatched UTF-16 surrogate', text.length - 1) : undefined;
}
