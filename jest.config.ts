/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

type Project = Exclude<NonNullable<Config['projects']>[number], string>;

const project = (pkg: string, kind: 'unit' | 'integration'): Project => ({
  displayName: kind === 'unit' ? pkg : `${pkg}:integration`,
  rootDir: `packages/${pkg}`,
  testEnvironment: 'node',
  testMatch: [kind === 'unit' ? '<rootDir>/src/**/*.test.ts' : '<rootDir>/integration/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  moduleNameMapper: { '^@hawser/([a-z]+)$': '<rootDir>/../$1/src/index.ts' },
});

const packages = ['core', 'actors', 'protocols', 'persistence', 'http', 'service', 'testkit'];
const config: Config = {
  projects: packages.flatMap((pkg) => [project(pkg, 'unit'), project(pkg, 'integration')]),
  // what hangs is found by it all the same; a busy machine fails nothing
  testTimeout: 30_000,
  // by default one core stays idle, of two
  maxWorkers: '100%',
  coverageProvider: 'v8',
  collectCoverageFrom: ['packages/*/src/**/*.ts', '!**/*.test.ts'],
};
export default config;
