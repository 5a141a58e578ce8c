// The floor plan: which package may import which. Wings never see each other; they meet only in service.
const floor = (pkg, ...below) => ({
  name: `${pkg}-floor`,
  severity: 'error',
  from: { path: `^packages/${pkg}/src`, pathNot: '\\.test\\.ts$' },
  to: { path: '^packages/', pathNot: `^packages/(${[pkg, ...below].join('|')})/` },
});
const owned = (name, allowed) => ({
  name: `only-${name}`,
  severity: 'error',
  from: { path: '^packages/', pathNot: `^packages/(${allowed})|\\.test\\.ts$|/integration/` },
  to: { path: `node_modules/${name}/` },
});
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    floor('core'),
    floor('actors', 'core'),
    floor('protocols', 'core'),
    floor('persistence', 'core'),
    floor('http', 'core'),
    floor('service', 'core', 'actors', 'protocols', 'persistence', 'http'),
    floor('testkit', 'core'),
    { name: 'testkit-is-for-tests', severity: 'error', from: { path: '^packages/[^/]+/src', pathNot: '\\.test\\.ts$|^packages/testkit/' }, to: { path: '^packages/testkit/' } },
    owned('nact', 'actors/src/nact'),
    owned('express', 'http/'),
    owned('mongodb', 'persistence/src/mongo'),
    owned('lmdb', 'persistence/src/lmdb'),
    owned('mqtt', 'protocols/src/mqtt'),
    owned('amqplib', 'protocols/src/amqp091'),
    owned('rhea', 'protocols/src/amqp10'),
    owned('kafkajs', 'protocols/src/kafka'),
    owned('fzstd', 'protocols/src/kafka'),
    owned('undici', 'protocols/src/httpPush'),
    owned('ssh2', 'protocols/src/sshTunnel'),
    owned('quickjs-emscripten', 'service/src/scripts'),
    owned('bytebuffer', 'service/src/scripts'),
    owned('long', 'service/src/scripts'),
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules|dist' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'default'], extensions: ['.ts', '.js'] },
  },
};
