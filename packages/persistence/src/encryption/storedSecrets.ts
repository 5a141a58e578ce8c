import type { EncryptionConfig, SecretFields } from '@hawser/core';

/** The secrets of an event. */
export const eventFields = ({ pointers }: EncryptionConfig): SecretFields => ({
  pointers,
  prefix: '/connection',
  wholeSecrets: true,
});

/** The secrets of a snapshot. */
export const stateFields = ({ pointers }: EncryptionConfig): SecretFields => ({
  pointers,
  prefix: '',
  wholeSecrets: true,
});
