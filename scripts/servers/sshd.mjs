// OpenSSH's server: lets the user who runs it in by an RSA key, and forwards ports.
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { freePorts, run, startDetached, waitForPort, which } from './process.mjs';

export const sshd = {
  missing: () => (which('sshd') === undefined ? 'sshd is not installed (Debian: openssh-server)' : undefined),

  async start(folder, known) {
    const ports = known ?? (await freePorts(['ssh']));
    const { uid, username } = userInfo();
    const file = (name) => join(folder, name);
    if (known === undefined) makeKeys(file);
    // where a privileged server locks itself in; its package makes the folder when it is started as a unit
    if (uid === 0) mkdirSync('/run/sshd', { recursive: true });
    writeFileSync(
      file('sshd_config'),
      `ListenAddress 127.0.0.1:${ports.ssh}
HostKey ${file('host')}
AuthorizedKeysFile ${file('authorized_keys')}
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
`,
    );
    const args = ['-D', '-e', '-f', file('sshd_config')];
    const pid = startDetached(which('sshd'), args, { output: file('output.log') });
    await waitForPort(ports.ssh, { pid, name: 'sshd' });
    return {
      ports,
      pids: [pid],
      env: {
        HAWSER_TEST_SSH_URL: `ssh://127.0.0.1:${ports.ssh}`,
        HAWSER_TEST_SSH_USER: username,
        HAWSER_TEST_SSH_KEYS: folder,
      },
    };
  },
};

/** `client.pem` (PKCS #8) and `client.pub.pem` for connections, `host.sha256` and `host.md5` as fingerprints. */
function makeKeys(file) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  writeFileSync(file('client.pem'), privateKey, { mode: 0o600 });
  writeFileSync(file('client.pub.pem'), publicKey);
  const keygen = which('ssh-keygen');
  writeFileSync(file('authorized_keys'), run(keygen, ['-i', '-m', 'PKCS8', '-f', file('client.pub.pem')]));
  run(keygen, ['-q', '-t', 'ed25519', '-N', '', '-f', file('host')]);
  for (const digest of ['sha256', 'md5']) {
    const [, fingerprint] = run(keygen, ['-l', '-E', digest, '-f', file('host.pub')]).split(' ');
    writeFileSync(file(`host.${digest}`), fingerprint);
  }
}
