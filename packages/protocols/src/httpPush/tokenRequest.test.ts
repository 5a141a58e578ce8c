import { describe, expect, test } from '@jest/globals';
import { type OAuthCredentials, readToken, tokenForm, tokenRequest } from './tokenRequest.ts';

const client: OAuthCredentials = {
  type: 'oauth-client-credentials',
  tokenEndpoint: 'https://localhost:8443/oauth/token?a=b',
  clientId: 'my id',
  clientSecret: 's&=cret',
  requestedScopes: 'a b',
  audience: undefined,
};
const password: OAuthCredentials = {
  type: 'oauth-password',
  tokenEndpoint: 'https://localhost/token',
  clientId: 'c',
  clientSecret: undefined,
  requestedScopes: 's',
  audience: undefined,
  username: 'u',
  password: "p'!",
};

test.each([
  [client, 'grant_type=client_credentials&client_id=my%20id&client_secret=s%26%3Dcret&scope=a%20b'],
  [
    { ...client, audience: 'x' },
    'grant_type=client_credentials&client_id=my%20id&client_secret=s%26%3Dcret&scope=a%20b&audience=x',
  ],
  [password, 'grant_type=password&client_id=c&scope=s&username=u&password=p%27%21'],
  [
    { ...password, clientSecret: 't', audience: 'x' },
    'grant_type=password&client_id=c&scope=s&client_secret=t&audience=x&username=u&password=p%27%21',
  ],
])('the form of %#', (credentials, form) => {
  expect(tokenForm(credentials)).toBe(form);
});

test('the request goes to path and query of the endpoint', () => {
  expect(tokenRequest(client)).toMatchObject({
    method: 'POST',
    target: '/oauth/token?a=b',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
  });
});

const jwt = (claims: object): string =>
  ['{"alg":"none"}', JSON.stringify(claims), 'x']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');
const response = (body: string, status = 200, contentType = 'application/json') => ({
  status,
  headers: { 'content-type': contentType },
  body: Buffer.from(body),
});
const read = (...parts: Parameters<typeof response>) => readToken(response(...parts), 'https://t/x');

describe('a response', () => {
  test('holds a token and its end', () => {
    const token = jwt({ exp: 1_700_000_000 });
    expect(read(JSON.stringify({ access_token: token }), 200, 'application/json;charset=UTF-8')).toEqual({
      token,
      expiresAtMs: 1_700_000_000_000,
    });
  });

  const invalid = 'Received invalid JSON web token response from <https://t/x>.';
  test.each([
    [
      read.bind(undefined, '', 401),
      invalid,
      'Response status is <401> and content type is <application/json>.',
    ],
    [
      read.bind(undefined, '', 200, 'text/html'),
      invalid,
      'Response status is <200> and content type is <text/html>.',
    ],
    [
      read.bind(undefined, '{"error":"invalid_scope"}'),
      invalid,
      'Response body: <{"error":"invalid_scope"}>',
    ],
    [read.bind(undefined, 'x '.repeat(99)), invalid, `Response body: <${'x '.repeat(50)}...>`],
    [read.bind(undefined, '{"access_token":7}'), invalid, 'Response body: <{"access_token":7}>'],
    [
      read.bind(undefined, '{"access_token":"opaque"}'),
      'The JSON Web Token is not valid.',
      'The provided token string did not have the expected format.',
    ],
  ])('that is none is refused: %#', (reading, message, description) => {
    expect(reading).toThrow(expect.objectContaining({ code: 'jwt:invalid', message, description }));
  });

  test.each([[{}], [{ exp: 'soon' }]])('with claims %j has no end and is refused', (claims) => {
    expect(() => read(JSON.stringify({ access_token: jwt(claims) }))).toThrow('not valid');
  });

  test('shows nothing that looks like a token', () => {
    const secret = jwt({ exp: 1 });
    expect(() => read(JSON.stringify({ accessToken: secret }))).toThrow(
      expect.objectContaining({ description: expect.not.stringContaining(secret.slice(0, 40)) }),
    );
  });
});
