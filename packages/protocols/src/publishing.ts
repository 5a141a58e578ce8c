import type {
  ConnectionClient,
  ExternalMessage,
  PublishResult,
  PublishTarget,
  ResourceStatus,
} from '@hawser/core';

/** A publish with a promise, of a client that does without. */
export function promisedPublish(
  client: Required<Pick<ConnectionClient, 'publishWith'>>,
  target: PublishTarget,
  message: ExternalMessage,
): Promise<PublishResult> {
  return new Promise((resolve, reject) => {
    client.publishWith(target, message, ({ result, error }) => {
      if (result === undefined) reject(error);
      else resolve(result);
    });
  });
}

/**
 * A target at which nothing is wrong, in Ditto's words (connectivity/service/.../messaging/BasePublisherActor.java).
 *
 * @param sinceMs when the client was opened, wall time
 */
export function targetStatus(address: string, sinceMs: number): ResourceStatus {
  return isOnDemand(address)
    ? onDemandStatus(address)
    : { type: 'target', address, status: 'open', detail: 'Producer started.', sinceMs };
}

export const onDemandStatus = (address: string): ResourceStatus => ({
  type: 'target',
  address,
  status: 'unknown',
  detail: 'Producers for targets with placeholders are started on-demand.',
});

/** An address with placeholders names a place only together with a signal. */
export const isOnDemand = (address: string): boolean => address.includes('{{');
