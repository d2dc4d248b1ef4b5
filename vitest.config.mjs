import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'shared/src/**/*.test.ts',
      'server/src/**/*.test.ts',
      'client/src/**/*.test.ts',
      'scripts/**/*.test.mjs',
    ],
    isolate: false,
    globalSetup: './vitest.globalSetup.mjs',
    setupFiles: ['./vitest.setup.mjs'],
    testTimeout: 30_000,
  },
})
