import { makeError } from '@hawser/core';
import type { RequestHandler } from 'express';

/** At most so many requests under way; the one beyond is told to come back. */
export function limitRequests(maxRequests: number): RequestHandler {
  let underWay = 0;
  return (_request, response, next) => {
    if (underWay >= maxRequests) {
      throw makeError('hawser:overloaded', 'Too many requests are under way.', {
        headers: { 'retry-after': '1' },
      });
    }
    underWay++;
    response.once('close', () => {
      underWay--;
    });
    next();
  };
}
