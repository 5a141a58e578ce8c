import { DittoError } from '../errors/dittoError.ts';
import type { Connection } from '../model/connection.ts';
import type { SshTunnel } from '../model/credentials.ts';
import { parseJavaUri } from '../model/javaUri.ts';
import { checkKeyPair } from './certificateRules.ts';
import { configurationInvalid } from './configurationInvalid.ts';
import { checkHost, type HostLookup } from './hostPolicy.ts';
import type { ValidationConfig } from './validationConfig.ts';

/**
 * A tunnel is checked even when it is switched off (connectivity/service/.../validation/SshTunnelValidator.java).
 * @throws DittoError `connectivity:connection.configuration.invalid`
 */
export function checkSshTunnel(
  { connectionType, sshTunnel }: Connection,
  config: ValidationConfig,
  lookup: HostLookup,
): void {
  if (sshTunnel === undefined) return;
  if (connectionType === 'kafka')
    throw configurationInvalid(
      'SSH tunneling not supported.',
      'SSH tunneling is not supported for the connection type <kafka>.',
    );
  checkUri(sshTunnel.uri, config, lookup);
  checkTunnelCredentials(sshTunnel);
  if (sshTunnel.validateHost && sshTunnel.knownHosts.length === 0)
    throw configurationInvalid('Specify at least one fingerprint if host validationis enabled.');
}

function checkUri(text: string, { hosts }: ValidationConfig, lookup: HostLookup): void {
  if (text === '') throw configurationInvalid('The URI of the ssh server must not be empty.');
  const invalid = (reason: string): DittoError =>
    configurationInvalid(`The SSH server URI '${text}' is not valid: ${reason}`);
  const uri = parseJavaUri(text);
  if (uri === undefined) throw invalid(`Expected scheme, host and port: ${text}`);
  if (uri.scheme !== 'ssh') throw invalid("The scheme for the ssh endpoint must be 'ssh'.");
  try {
    checkHost(hosts, uri.host, lookup);
  } catch (error) {
    throw error instanceof DittoError ? invalid(error.message) : error;
  }
}

function checkTunnelCredentials({ credentials }: SshTunnel): void {
  switch (credentials.type) {
    case 'plain':
      if (credentials.username === '') throw configurationInvalid('SSH tunnel username must not be empty.');
      if (credentials.password === '') throw configurationInvalid('SSH tunnel password must not be empty.');
      return;
    case 'public-key':
      checkKeyPair(credentials);
      return;
    default:
      throw configurationInvalid(`Credentials type ${credentials.type} cannot be used for an ssh tunnel.`);
  }
}
