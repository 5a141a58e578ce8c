import { configurationInvalid } from './configurationInvalid.ts';
import { kafkaTopicFault } from './kafkaTopic.ts';
import { replaceInCheckedTemplate } from './templateRules.ts';

/** Stands for whatever a placeholder gives; one value that no address holds by chance. */
const DUMMY = '7b1f6c1e-3a54-4a43-9d7c-0c5b7f0f5b2a';

/** @throws DittoError `connectivity:connection.configuration.invalid` */
export function checkKafkaTopic(topic: string): void {
  if (topic === '') throw empty('topic');
  const fault = kafkaTopicFault(topic.replaceAll(DUMMY, 'replaced_placeholder'));
  if (fault !== undefined)
    throw configurationInvalid(`The provided topic '${topic}' is not valid: Topic name is invalid: ${fault}`);
}

/**
 * `topic`, `topic/key` or `topic#partition`, placeholders anywhere
 * (connectivity/service/.../messaging/kafka/KafkaValidator.java, `validateTargetAddress`).
 *
 * @throws DittoError `connectivity:connection.configuration.invalid`
 */
export function checkKafkaTarget(address: string): void {
  const filled = replaceInCheckedTemplate(address, DUMMY);
  const slash = filled.indexOf('/');
  const hash = filled.indexOf('#');
  if (slash > 0) {
    checkKafkaTopic(filled.slice(0, slash));
    if (slash === filled.length - 1) throw empty('key');
  } else if (hash > 0) {
    checkKafkaTopic(filled.slice(0, hash));
    checkPartition(filled.slice(hash + 1));
  } else checkKafkaTopic(filled);
}

const empty = (part: string): Error =>
  configurationInvalid(`The provided ${part} in your target address may not be empty.`);

function checkPartition(partition: string): void {
  if (partition === '') throw empty('partition');
  const digits = partition.replaceAll(DUMMY, '3');
  const number = /^[+-]?\d+$/.test(digits) ? Number(digits) : Number.NaN;
  if (number >= -(2 ** 31) && number < 2 ** 31) return;
  throw configurationInvalid(
    `Can not parse partition number from ${partition.replaceAll(DUMMY, '<placeholder>')}.`,
  );
}
