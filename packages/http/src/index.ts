export { createHttpApp, type HttpAppOptions } from './app.ts';
export type { BasicUser, RealmConfig } from './auth/authenticate.ts';
export { fetchJson } from './auth/fetchJson.ts';
export { type OpenIdConfig, type OpenIdIssuer, openIdSubjects, type SubjectsOfToken } from './auth/openId.ts';
export type { Role } from './auth/role.ts';
export { type SubjectRules, type TokenVerifier, tokenVerifier } from './auth/tokenVerifier.ts';
export type { OpenApiDocument } from './openapi/document.ts';
export type { LogFilter, LogTails, MetricsPage, ServiceInfo } from './ports.ts';
export type { ConnectionsConfig } from './routes/connections.ts';
export {
  type HttpServer,
  type ServerLimits,
  type ServerOptions,
  startServer,
} from './server.ts';
