import { PublishError } from '@hawser/core';
import type { Destination } from './destination.ts';

/* Refusals in Ditto's words (AmqpPublisherActor.java). */

export const backoffError = ({ name }: Destination): PublishError =>
  new PublishError(
    503,
    `Producer for target address '${name}' is in back off mode, as the target configuration seems to contain errors. The message will be dropped.`,
    { description: 'Check if the target or the reply-to configuration is correct.' },
  );

export const noProducer = ({ name }: Destination): PublishError =>
  new PublishError(503, `No producer available for target address '${name}'`, {
    description: 'Is the target or reply-to address correct?',
  });

export const queueFull = (): PublishError =>
  new PublishError(
    503,
    'Outgoing AMQP message dropped: There are too many unsettled messages or too few credits.',
    {
      description:
        'This can have the following reasons:\na) The AMQP 1.0 consumer does not consume the messages fast enough.\nb) The client count of this connection is not configured high enough.',
    },
  );
