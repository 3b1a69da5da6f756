import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // One worker holds every file: the sources are pure, and starting isolated workers costs more than the tests.
    isolate: false,
    testTimeout: 60_000,
    reporters: ['default', './test/support/counts-reporter.ts'],
  },
});
