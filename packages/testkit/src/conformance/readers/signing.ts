import {
  compileRequestSigner,
  compileSaslCredentials,
  type HmacCredentials,
  type JsonObject,
} from '@hawser/core';
import type { Readers } from '../reader.ts';

const credentialsOf = (input: JsonObject): HmacCredentials => ({
  type: 'hmac',
  algorithm: String(input['algorithm']),
  parameters: input['parameters'] as JsonObject,
});

const timeOf = (input: JsonObject): number => Date.parse(String(input['timestamp']));

function signRequest(input: JsonObject): JsonObject {
  const request = input['request'] as JsonObject;
  const [uri = '', query] = String(request['uri']).split('?');
  const url = new URL(uri);
  const { addedHeaders, authorization } = compileRequestSigner(credentialsOf(input))(
    {
      method: String(request['method']),
      url,
      path: uri.slice(uri.indexOf('//') + 2).replace(/^[^/]*/, ''),
      query,
      contentType: String(request['contentType']),
      headers: (request['headers'] ?? {}) as Record<string, string>,
      body: new TextEncoder().encode(String(request['body'])),
    },
    timeOf(input),
  );
  return { addedHeaders, authorization };
}

/** Signatures of HTTP requests and of AMQP credentials. */
export const signingReaders: Readers = {
  'oracle:request-signing': signRequest,
  'oracle:sasl-signing': (input) => ({ ...compileSaslCredentials(credentialsOf(input))(timeOf(input)) }),
};
