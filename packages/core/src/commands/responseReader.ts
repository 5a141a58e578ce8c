import { isDittoError } from '../errors/dittoError.ts';
import { statusOutOfRange } from '../errors/errorRegistry.ts';
import { jsonInvalid } from '../errors/jsonErrors.ts';
import { requiredInt } from '../json/fields.ts';
import type { JsonObject } from '../json/jsonValue.ts';

/** How the JSON of one type of response is read. */
export interface ResponseReader {
  /** Simple name of Ditto's class, as it appears in refusals. */
  readonly className: string;
  /** The statuses that it may have; empty when any is taken. */
  readonly statuses: readonly number[];
  /** Reads what follows `type` and `status`, in canonical form. */
  readonly read: (json: JsonObject) => JsonObject;
}

/**
 * Reads `type`, `status` and the payload (base/model/.../signals/commands/CommandResponseJsonDeserializer.java):
 * whatever is wrong comes as one `json.invalid` that names the type.
 */
export function readResponse(json: JsonObject, type: string, reader: ResponseReader): JsonObject {
  try {
    const status = requiredInt(json, 'status');
    if (status < 100 || status > 599) throw jsonInvalid(statusOutOfRange(status));
    const payload = reader.read(json);
    const isAllowed = reader.statuses.length === 0 || reader.statuses.includes(status);
    if (!isAllowed) throw jsonInvalid(statusRefused(status, reader));
    return { type, status, ...payload };
  } catch (error) {
    if (!isDittoError(error)) throw error;
    throw jsonInvalid(
      `Failed to deserialize JSON object to a command response of type <${type}>: ${error.message}`,
    );
  }
}

function statusRefused(status: number, { className, statuses }: ResponseReader): string {
  return `${statusText(status)} is invalid. ${className} only allows [${statuses.map(statusText).join(', ')}].`;
}

const categories = ['', 'INFORMATIONAL', 'SUCCESS', 'REDIRECTION', 'CLIENT_ERROR', 'SERVER_ERROR'];

/** base/model/.../common/HttpStatus.java, `toString`. */
const statusText = (code: number): string =>
  `HttpStatus [code=${code}, category=${categories[Math.floor(code / 100)]}]`;
