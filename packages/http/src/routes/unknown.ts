import { apiVersionNotSupported } from '@hawser/core';
import type { RequestHandler } from 'express';

/** `api.version.notsupported` 404 for versions other than 2 (gateway/.../RootRoute.java). */
export const apiVersion: RequestHandler = (request, _response, next) => {
  const version = String(request.params['version']);
  if (version === '2' || !/^\d+$/.test(version)) return next();
  throw apiVersionNotSupported(version);
};

export const notFound: RequestHandler = (_request, response) => {
  response.status(404).type('text/plain').send('The requested resource could not be found.');
};
