import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

// Where swc unpacks itself, which compiles the tests. Otherwise that is in the home of whoever runs them.
process.env.SWC_NATIVE_BINDING_CACHE ??= join(import.meta.dirname, 'node_modules/.cache/swc');
mkdirSync(process.env.SWC_NATIVE_BINDING_CACHE, { recursive: true });

export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  setupFiles: ['<rootDir>/test/support/sdk-environment.ts'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: {
            syntax: 'typescript',
          },
          target: 'es2023',
        },
        module: {
          type: 'es6',
        },
      },
    ],
  },
  // Only to end what hangs: on a busy machine a walk that kills at every call takes minutes.
  testTimeout: 300_000,
  reporters: ['default', '<rootDir>/test/support/summary-reporter.mjs'],
  maxWorkers: '100%',
};
