import type { JsonObject } from '../json/jsonValue.ts';

export interface PlainCredentials {
  readonly type: 'plain';
  readonly username: string;
  readonly password: string;
}

export interface ClientCertificateCredentials {
  readonly type: 'client-cert';
  /** PEM chain. */
  readonly cert: string | undefined;
  /** PKCS#8 PEM. */
  readonly key: string | undefined;
}

export interface HmacCredentials {
  readonly type: 'hmac';
  readonly algorithm: string;
  readonly parameters: JsonObject;
}

/** SSH tunnel only. */
export interface PublicKeyCredentials {
  readonly type: 'public-key';
  readonly username: string;
  readonly publicKey: string;
  readonly privateKey: string;
}

export interface OAuthClientCredentials {
  readonly type: 'oauth-client-credentials';
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly requestedScopes: string;
  readonly audience: string | undefined;
}

export interface OAuthPassword {
  readonly type: 'oauth-password';
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  readonly requestedScopes: string;
  readonly audience: string | undefined;
  readonly username: string;
  readonly password: string;
}

/** connectivity/model/.../Credentials.java, told apart by `type`. */
export type Credentials =
  | PlainCredentials
  | ClientCertificateCredentials
  | HmacCredentials
  | PublicKeyCredentials
  | OAuthClientCredentials
  | OAuthPassword;

export interface SshTunnel {
  readonly enabled: boolean;
  readonly credentials: Credentials;
  readonly validateHost: boolean;
  /** Fingerprints. */
  readonly knownHosts: readonly string[];
  readonly uri: string;
}
