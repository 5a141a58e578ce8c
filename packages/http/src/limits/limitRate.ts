import { makeError } from '@hawser/core';
import type { RequestHandler } from 'express';

const WINDOW_MS = 60_000;

/** At most so many requests a minute from one address; the library is loaded by those alone who limit. */
export function limitRate(perMinute: number): RequestHandler {
  const limiter = import('express-rate-limit').then(({ rateLimit }) =>
    rateLimit({
      windowMs: WINDOW_MS,
      limit: perMinute,
      standardHeaders: 'draft-7',
      legacyHeaders: false,
      // a forwarded address is anyone's word: the peer of the connection counts
      validate: { xForwardedForHeader: false, forwardedHeader: false },
      handler: (_request, _response, next) =>
        next(makeError('hawser:rate.limited', `There were more than ${perMinute} requests within a minute.`)),
    }),
  );
  return async (request, response, next) => (await limiter)(request, response, next);
}
