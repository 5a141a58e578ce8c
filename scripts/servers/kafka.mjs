// Apache Kafka, one node without ZooKeeper (KRaft), fetched from Maven Central on first use. Four doors: open; open and
// advertised at a port where a test puts its proxy; SASL without TLS; TLS (its certificate is made here).
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import kafkajs from 'kafkajs';
import { freePorts, run, startDetached, waitForPort, which } from './process.mjs';

const { Kafka, logLevel } = kafkajs;
const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, '..', 'kafka');
const libraries = join(here, '..', '..', 'node_modules', '.cache', 'hawser', 'kafka');
/** Last of what is copied: without it an earlier copy was cut short. */
const complete = join(libraries, 'complete');

export function fetchKafka() {
  if (existsSync(complete)) return;
  run('mvn', ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${libraries}`], { cwd: source });
  writeFileSync(complete, '');
}

export const kafka = {
  missing: () => {
    for (const program of ['java', 'openssl'])
      if (which(program) === undefined) return `${program} is not installed`;
    return existsSync(complete) || which('mvn') !== undefined ? undefined : 'mvn is not installed';
  },

  async start(folder, known) {
    fetchKafka();
    const ports = known ?? (await freePorts(['open', 'proxied', 'proxy', 'sasl', 'tls', 'controller']));
    const config = join(folder, 'server.properties');
    const data = join(folder, 'data');
    const authority = join(folder, 'ca.crt');
    if (!existsSync(config)) {
      mkdirSync(data, { recursive: true });
      makeCertificates(folder);
      writeFileSync(config, properties(ports, folder, data));
      java(
        ['kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', config, '--standalone'].concat(scram),
      );
    }
    const pid = startDetached(which('java'), [...options, 'kafka.Kafka', config], {
      output: join(folder, 'output.log'),
      cwd: folder,
    });
    await waitForPort(ports.open, { pid, name: 'kafka' });
    await waitForCoordinator(ports.open);
    return {
      ports,
      pids: [pid],
      env: {
        HAWSER_TEST_KAFKA_URL: `tcp://127.0.0.1:${ports.open}`,
        HAWSER_TEST_KAFKA_PROXIED_URL: `tcp://127.0.0.1:${ports.proxied}`,
        HAWSER_TEST_KAFKA_PROXY_PORT: String(ports.proxy),
        HAWSER_TEST_KAFKA_SASL_URL: `tcp://alice:s3cret@127.0.0.1:${ports.sasl}`,
        HAWSER_TEST_KAFKA_TLS_URL: `ssl://127.0.0.1:${ports.tls}`,
        HAWSER_TEST_KAFKA_CA: authority,
        HAWSER_TEST_KAFKA_PID: String(pid),
      },
    };
  },
};

/** The first group that asks makes the topic of all groups, and is refused until it is loaded; so it is after each start. */
async function waitForCoordinator(port) {
  const brokers = [`127.0.0.1:${port}`];
  const admin = new Kafka({ clientId: 'start', brokers, logLevel: logLevel.NOTHING }).admin();
  const deadline = Date.now() + 60_000;
  await admin.connect();
  try {
    for (;;) {
      try {
        await admin.describeGroups(['start']);
        return;
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await setTimeout(100);
      }
    }
  } finally {
    await admin.disconnect();
  }
}

const clusterId = 'aGF3c2VyLXRlc3RzLWthZg';
const scram = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
  '--add-scram',
  `${mechanism}=[name=alice,password=s3cret]`,
]);
const options = [
  '-Xmx256m',
  '-Xms256m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Xshare:auto',
].concat(['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-cp', join(libraries, '*')]);

const java = (args) => run(which('java'), [...options, ...args]);

/** A certificate of an own authority for a name that nobody has: clients that check names must say so. */
function makeCertificates(folder) {
  const openssl = (...args) => run(which('openssl'), args, { cwd: folder });
  const key = ['-newkey', 'rsa:2048', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.crt',
    '-days',
    '30',
    '-subj',
    '/CN=test CA',
  );
  openssl('req', ...key, '-keyout', 'broker.key', '-out', 'broker.csr', '-subj', '/CN=kafka.invalid');
  openssl(
    'x509',
    '-req',
    '-in',
    'broker.csr',
    '-CA',
    'ca.crt',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-days',
    '30',
    '-out',
    'broker.crt',
  );
  openssl(
    'pkcs12',
    '-export',
    '-in',
    'broker.crt',
    '-inkey',
    'broker.key',
    '-out',
    'broker.p12',
    '-passout',
    'pass:s3cret',
  );
}

const properties = (ports, folder, data) => `process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:${ports.controller}
controller.listener.names=CONTROLLER
listeners=OPEN://127.0.0.1:${ports.open},PROXIED://127.0.0.1:${ports.proxied},SASL://127.0.0.1:${ports.sasl},TLS://127.0.0.1:${ports.tls},CONTROLLER://127.0.0.1:${ports.controller}
advertised.listeners=OPEN://127.0.0.1:${ports.open},PROXIED://127.0.0.1:${ports.proxy},SASL://127.0.0.1:${ports.sasl},TLS://127.0.0.1:${ports.tls}
listener.security.protocol.map=OPEN:PLAINTEXT,PROXIED:PLAINTEXT,SASL:SASL_PLAINTEXT,TLS:SSL,CONTROLLER:PLAINTEXT
inter.broker.listener.name=OPEN
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512
listener.name.sasl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_alice="s3cret";
listener.name.sasl.scram-sha-256.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.sasl.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.tls.ssl.keystore.type=PKCS12
listener.name.tls.ssl.keystore.location=${folder}/broker.p12
listener.name.tls.ssl.keystore.password=s3cret
listener.name.tls.ssl.key.password=s3cret
log.dirs=${data}
auto.create.topics.enable=false
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
num.network.threads=2
num.io.threads=2
`;
