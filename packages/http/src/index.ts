export { createHttpApp, type HttpAppOptions } from './app.ts';
export type { BasicUser, RealmConfig, Role } from './auth/authenticate.ts';
export type { TokenVerifier } from './auth/tokenVerifier.ts';
export type { ServiceInfo } from './ports.ts';
export type { ConnectionsConfig } from './routes/connections.ts';
export { type HttpServer, type ServerOptions, startServer } from './server.ts';
