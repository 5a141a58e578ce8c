const text = (title: string, description: string) => ({ title, description, type: 'string' }) as const;
const optionalText = (title: string, description: string) =>
  ({ title, description, type: ['string', 'null'], default: null }) as const;

const userName = text('User name', 'Of the account.');
const password = text('Password', 'Of the account; masked in logs.');

const oauthProperties = {
  tokenEndpoint: text('Token endpoint', 'URL that hands out the tokens; https unless configured otherwise.'),
  clientId: text('Client id', 'As registered with the authorization server.'),
  requestedScopes: text('Scopes', 'Separated by blanks (RFC 6749 section 3.3).'),
  audience: optionalText('Audience', 'Whom the tokens are for, where the server asks.'),
} as const;

const plainSchema = {
  title: 'User name and password',
  type: 'object',
  properties: { type: { const: 'plain' }, username: userName, password },
  required: ['type', 'username', 'password'],
} as const;

const clientCertificateSchema = {
  title: 'Client certificate',
  description: 'Used only when both parts are there.',
  type: 'object',
  properties: {
    type: { const: 'client-cert' },
    cert: optionalText('Certificates', 'Chain, PEM.'),
    key: optionalText('Private key', 'RSA, PKCS #8, PEM, not encrypted.'),
  },
  required: ['type'],
} as const;

const hmacSchema = {
  title: 'HMAC signature',
  description: 'For HTTP push and AMQP 1.0.',
  type: 'object',
  properties: {
    type: { const: 'hmac' },
    algorithm: {
      ...text('Algorithm', 'As the service is configured.'),
      examples: ['aws4-hmac-sha256', 'az-monitor-2016-04-01', 'az-sasl'],
    },
    parameters: { title: 'Parameters', description: 'Depend on the algorithm.', type: 'object' },
  },
  required: ['type', 'algorithm', 'parameters'],
} as const;

const publicKeySchema = {
  title: 'Key pair',
  description: 'For tunnels.',
  type: 'object',
  properties: {
    type: { const: 'public-key' },
    username: userName,
    publicKey: text('Public key', 'RSA, PEM.'),
    privateKey: text('Private key', 'RSA, PKCS #8, PEM, not encrypted.'),
  },
  required: ['type', 'username', 'publicKey', 'privateKey'],
} as const;

const oauthClientSchema = {
  title: 'OAuth 2.0 client credentials',
  description: 'For HTTP push.',
  type: 'object',
  properties: {
    type: { const: 'oauth-client-credentials' },
    ...oauthProperties,
    clientSecret: text('Client secret', 'Masked in logs.'),
  },
  required: ['type', 'tokenEndpoint', 'clientId', 'clientSecret', 'requestedScopes'],
} as const;

const oauthPasswordSchema = {
  title: 'OAuth 2.0 password',
  description: 'For HTTP push.',
  type: 'object',
  properties: {
    type: { const: 'oauth-password' },
    ...oauthProperties,
    clientSecret: optionalText('Client secret', 'Absent for public clients.'),
    username: userName,
    password,
  },
  required: ['type', 'tokenEndpoint', 'clientId', 'requestedScopes', 'username', 'password'],
} as const;

/** `credentials` of a connection and of a tunnel. */
export const credentialsSchema = {
  title: 'Credentials',
  description: 'How the connection identifies itself, beside user info in its URI.',
  type: 'object',
  properties: { type: { type: 'string' } },
  required: ['type'],
  oneOf: [
    plainSchema,
    clientCertificateSchema,
    hmacSchema,
    publicKeySchema,
    oauthClientSchema,
    oauthPasswordSchema,
  ],
} as const;

export const sshTunnelSchema = {
  title: 'SSH tunnel',
  description:
    'Reaches the broker or endpoint through an SSH server. Not for Kafka. Checked even when switched off.',
  type: 'object',
  properties: {
    enabled: { title: 'Enabled', type: 'boolean' },
    credentials: { ...credentialsSchema, description: 'Of type `plain` or `public-key`.' },
    validateHost: {
      title: 'Validate host',
      description: "Whether the server's key must have one of the known fingerprints.",
      type: 'boolean',
    },
    knownHosts: {
      title: 'Known fingerprints',
      description: 'At least one when the host is validated.',
      type: 'array',
      items: { type: 'string' },
      default: [],
    },
    uri: { title: 'URI', type: 'string', examples: ['ssh://jump.example.org:22'] },
  },
  required: ['enabled', 'credentials', 'validateHost', 'uri'],
} as const;
