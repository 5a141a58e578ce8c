import { authSubjectsOf, headerValue, type Signal } from '@hawser/core';

/** In whose name a signal comes; undefined for one that comes by no connection, which may do everything. */
export const subjectsOf = ({ headers }: Signal): readonly string[] | undefined =>
  headerValue(headers, 'ditto-auth-context') === undefined ? undefined : authSubjectsOf(headers);
