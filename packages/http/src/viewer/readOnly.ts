import { type DittoError, makeError } from '@hawser/core';
import type { RequestHandler } from 'express';
import { roleOf } from './auth/authenticate.ts';

/** A read-only user may look at connections and change none. */
export const readOnlyGuard: RequestHandler = (request, response, next) => {
  if (roleOf(response) === 'full' || request.method === 'GET' || request.method === 'HEAD') return next();
  throw forbiddenForReadOnly();
};

export const forbiddenForReadOnly = (): DittoError =>
  makeError('hawser:readonly', 'This user may only read.');
