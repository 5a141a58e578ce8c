import type { JsonObject } from '../json/jsonValue.ts';
import type { Connection } from '../model/connection.ts';

export const parseConnection = (json: JsonObject): Connection => json as unknown as Connection;
export const connectionToJson = (connection: Connection): JsonObject => connection as unknown as JsonObject;
