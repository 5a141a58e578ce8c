export { createHttpApp, type HttpAppOptions } from './app.ts';
export type { BasicUser, RealmConfig } from './auth/authenticate.ts';
export type { Role } from './auth/role.ts';
export type { TokenVerifier } from './auth/tokenVerifier.ts';
export type { ServiceInfo } from './ports.ts';
export type { ConnectionsConfig } from './routes/connections.ts';
export { type HttpServer, type ServerOptions, startServer } from './server.ts';
