// Malformed and odd requests as bytes, from a seeded source of numbers.
import { gzipSync } from 'node:zlib';
import { createMutator } from './mutate.mjs';

const AUTHORIZATION = `Basic ${Buffer.from('devops:foobar').toString('base64')}`;
const EVIL_TEXTS = [
  '__proto__',
  'constructor',
  'prototype',
  '../../etc/passwd',
  '..%2f..%2f',
  '%00',
  '%zz',
  '\u0000',
  '\ud800',
  '\ufeff',
  '\r\nX-Injected: 1',
  '#{7*7}',
  '{{ header:x }}',
  '%s%d%n',
  '\u202e',
  '9223372036854775808',
  '-1',
  '1e400',
  'true',
  'null',
];
const HEADER_NAMES = [
  'timeout',
  'response-required',
  'if-match',
  'if-none-match',
  'correlation-id',
  'x-correlation-id',
  'requested-acks',
  'condition',
  'at-historical-revision',
  'at-historical-timestamp',
  'aggregate',
  'ditto-sudo',
  'channel',
  'dry-run',
  '__proto__',
  'constructor',
  'hasOwnProperty',
];
const RAW_LINES = [
  'Transfer-Encoding: xchunked',
  'Transfer-Encoding: chunked',
  'Content-Length: 5',
  'Content-Length: -1',
  'Content-Length: 99999999999999999999',
  'Host: again',
  'Expect: 100-continue',
  'Expect: nothing',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Content-Encoding: gzip',
  'Content-Encoding: br',
  'Content-Encoding: x',
  'Content-Type: text/plain',
  'Authorization: Basic !!!',
  ' folded: x',
  'X-Nul: a\0b',
  'Trailer: x',
  'Range: bytes=0-',
];

/** `documents`: connections that parse. Each case is what goes over the socket. */
export function createHttpCases(random, documents) {
  const below = (n) => Math.floor(random() * n);
  const pick = (list) => list[below(list.length)];
  const chance = (p) => random() < p;
  const { mutate, inflate } = createMutator(
    random,
    [...EVIL_TEXTS, ...HEADER_NAMES, '', '/', '#', 'mqtt', 'closed'],
    50_000,
  );

  const id = () =>
    pick([
      'c1',
      'c2',
      'none',
      encodeURIComponent(pick(EVIL_TEXTS).toWellFormed()),
      'x'.repeat(below(400)),
      pick(EVIL_TEXTS),
    ]);
  const commandTypes = ['create', 'modify', 'delete', 'retrieve', 'close', 'open', 'test'].map(
    (name) => `connectivity.commands:${name}Connection`,
  );
  const otherTypes = [
    'connectivity.commands:retrieveConnectionStatus',
    'connectivity.commands:retrieveConnectionMetrics',
    'connectivity.commands:retrieveConnectionLogs',
    'connectivity.commands:retrieveAllConnectionIds',
    'connectivity.commands:enableConnectionLogs',
    'connectivity.commands:retrieveResolvedHonoConnection',
    'connectivity.commands:migrateEncryptionStatus',
    'connectivity.sudo.commands:sudoRetrieveConnectionIdsByTag',
    'connectivity.sudo.commands:sudoRetrieveConnectionTags',
    'cleanup.sudo.commands:cleanupPersistence',
    'common.commands:retrieveConfig',
    'status.commands:retrieveHealth',
    'things.commands:retrieveThing',
    'poison-pill',
    'bogus',
  ];

  function command() {
    const type = chance(0.7) ? pick(commandTypes) : pick(otherTypes);
    const connection = {
      ...pick(documents),
      id: pick(['c1', 'c2']),
      connectionStatus: 'closed',
      uri: 'tcp://127.0.0.1:1',
    };
    return {
      type,
      connectionId: pick(['c1', 'c2', 'none']),
      connection,
      selectedFields: pick(['id', 'id,name', 'a(b', '']),
    };
  }

  function piggyback() {
    const headers = { aggregate: chance(0.5), timeout: '200ms' };
    if (chance(0.5)) headers[pick(HEADER_NAMES)] = pick([...EVIL_TEXTS, 1, true, null, [], { a: 1 }]);
    return {
      targetActorSelection: pick([
        '/system/sharding/connection',
        '/system/sharding/connection',
        '/user/connectivityRoot/connectionIdsRetrieval',
        '/user/connectivityRoot/persistenceCleanup',
        '/user/devOpsCommandsActor',
        '/system/distributedPubSubMediator',
        pick(EVIL_TEXTS),
      ]),
      headers,
      piggybackCommand: command(),
    };
  }

  /** The mutator's documents may hold lone surrogates and `__proto__`; both survive `JSON.stringify`. */
  function jsonBody() {
    let json = piggyback();
    for (let times = below(4); times > 0; times--) json = mutate(json);
    if (chance(0.002)) json = inflate(json);
    return JSON.stringify(json) ?? '';
  }

  const brokenJson = () => {
    const text = jsonBody();
    const at = below(text.length + 1);
    return pick([
      () => text.slice(0, at),
      () =>
        text.slice(0, at) +
        pick(['"', '}', ']', ',', '\\', '\u0000', '0', "'", '//', 'NaN']) +
        text.slice(at),
      () => pick(['[', '{"a":', '[[{"b":']).repeat(1 + below(chance(0.05) ? 100_000 : 500)),
      () => text.replace(/"/g, (quote) => (chance(0.05) ? '' : quote)),
      () => `{"__proto__":${text},"constructor":{"prototype":${text}}}`,
      () =>
        text.replace(/"([a-zA-Z]+)":/g, (whole, name) =>
          chance(0.1) ? `"__proto__":` : chance(0.1) ? `"${name}":1,"${name}":` : whole,
        ),
      () => pick(['', 'null', '[]', '"x"', '1', '1e400', '-0', '{}', '\ufeff{}', 'undefined']),
    ])();
  };

  function body() {
    const text = chance(0.6) ? jsonBody() : brokenJson();
    let bytes = Buffer.from(text);
    if (chance(0.08) && bytes.length > 0)
      for (let n = 1 + below(4); n > 0; n--) bytes[below(bytes.length)] = below(256);
    const encoding = chance(0.06) ? pick(['gzip', 'deflate', 'br', 'x', 'gzip, gzip']) : undefined;
    if (encoding === 'gzip' && chance(0.8)) bytes = gzipSync(chance(0.02) ? Buffer.alloc(9_000_000) : bytes);
    if (encoding !== undefined && chance(0.3)) bytes = bytes.subarray(0, below(bytes.length + 1));
    return { bytes, encoding };
  }

  function target() {
    const query = chance(0.3)
      ? `?${pick(['timeout', 'fields', 'dry-run', 'ids-only', 'path', '__proto__[x]', 'a[b][c]', 'correlation-id'])}=${encodeURIComponent(pick(EVIL_TEXTS).toWellFormed())}${chance(0.1) ? '&%zz=%' : ''}`
      : '';
    const path = pick([
      () => '/devops/piggyback',
      () => '/devops/piggyback/connectivity',
      () => '/devops/piggyback/connectivity/1',
      () => `/devops/piggyback/${id()}/${id()}`,
      () => '/api/2/connections',
      () => `/api/2/connections/${id()}`,
      () => `/api/2/connections/${id()}/${pick(['status', 'metrics', 'logs', 'command', id()])}`,
      () => `/devops/config/${id()}`,
      () => `/${id()}`,
      () =>
        pick([
          '/status',
          '/status/health',
          '/overall/status/health',
          '/health',
          '/alive',
          '/ready',
          '/api/1/x',
          '/',
          '*',
          '//',
        ]),
    ])();
    return path + query;
  }

  /** Bytes of one request. Line breaks and NUL in targets are kept: they are part of what is malformed. */
  function request() {
    const { bytes, encoding } = body();
    const method = chance(0.75)
      ? 'POST'
      : pick(['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'BREW', 'CONNECT']);
    const lines = [
      `${method} ${method === 'POST' && chance(0.7) ? '/devops/piggyback/connectivity' : target()} HTTP/1.1`,
    ];
    if (!chance(0.02)) lines.push('Host: fuzz');
    if (!chance(0.03)) lines.push(`Authorization: ${AUTHORIZATION}`);
    if (chance(0.5))
      lines.push(
        `Content-Type: ${pick(['application/json', 'text/plain', 'x', 'application/octet-stream; charset=utf-16'])}`,
      );
    if (encoding !== undefined) lines.push(`Content-Encoding: ${encoding}`);
    if (chance(0.15)) lines.push(`${pick(HEADER_NAMES)}: ${pick(EVIL_TEXTS)}`);
    if (chance(0.06)) lines.push(pick(RAW_LINES));
    if (chance(0.002)) lines.push(`X-Long: ${'x'.repeat(20_000)}`);
    if (chance(0.002)) lines.push(...Array.from({ length: 1700 }, () => 'a:b'));
    if (chance(0.1)) {
      lines.push('Transfer-Encoding: chunked');
      const size = chance(0.9) ? bytes.length.toString(16) : pick(['zz', '-1', 'ffffffffffffffff', '']);
      return Buffer.concat([head(lines), Buffer.from(`${size}\r\n`), bytes, Buffer.from('\r\n0\r\n\r\n')]);
    }
    const length = chance(0.97) ? bytes.length : pick([bytes.length + 5, 0, 9_000_000, bytes.length >> 1]);
    lines.push(`Content-Length: ${length}`);
    return Buffer.concat([head(lines), bytes]);
  }

  const head = (lines) => Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);

  return function next() {
    const kind = random();
    if (kind < 0.8) return request();
    const bytes = request();
    if (kind < 0.9) return bytes.subarray(0, below(bytes.length));
    if (kind < 0.97) {
      // damage before the body
      const end = Math.max(1, bytes.indexOf('\r\n\r\n'));
      for (let n = 1 + below(5); n > 0; n--) bytes[below(end)] = below(256);
      return bytes;
    }
    return Buffer.from(Array.from({ length: below(2000) }, () => below(256)));
  };
}
