import { defineConfig } from 'vitest/config';

import { quickNode } from './test/support/quick-node.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/leaks.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Vitest would give up after a second, which a browser or another process on a busy host may take for its next step.
    expect: { poll: { timeout: 20_000 } },
    pool: 'forks',
    execArgv: quickNode,
    // Most of the time tests wait for processes of their own: Claude Code, git, Chromium. Vitest would leave a core idle.
    maxWorkers: 6,
  },
});
