/** Mechanisms as the library takes them: by name, each made once a connection. */
export type SaslMechanisms = Readonly<Record<string, () => SaslMechanism>>;

type Respond = (error: Error | undefined, response: Uint8Array) => void;

interface SaslMechanism {
  start(respond: Respond): void;
  step(challenge: Uint8Array, respond: Respond): void;
}

export interface SaslChoice {
  readonly credentials: { readonly username: string; readonly password: string } | undefined;
  readonly hasClientCertificate: boolean;
}

/** PLAIN with credentials, EXTERNAL with a client certificate, else ANONYMOUS. The library's own PLAIN counts characters for bytes. */
export function saslMechanisms({ credentials, hasClientCertificate }: SaslChoice): SaslMechanisms {
  const mechanisms: Record<string, () => SaslMechanism> = {};
  if (hasClientCertificate) mechanisms['EXTERNAL'] = () => answering(Buffer.alloc(0));
  if (credentials !== undefined) {
    const { username, password } = credentials;
    mechanisms['PLAIN'] = () => answering(Buffer.from(`\0${username}\0${password}`));
  }
  if (Object.keys(mechanisms).length === 0) mechanisms['ANONYMOUS'] = () => answering(Buffer.alloc(0));
  return mechanisms;
}

/** A mechanism with one answer; a further challenge gets an empty one. */
const answering = (response: Uint8Array): SaslMechanism => ({
  start: (respond) => respond(undefined, response),
  step: (_challenge, respond) => respond(undefined, Buffer.alloc(0)),
});
