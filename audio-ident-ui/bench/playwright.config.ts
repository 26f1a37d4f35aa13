import { defineConfig } from '@playwright/test';

// What `make bench-ui` runs: it prints, and asserts no time.
export default defineConfig({ testDir: '.', testMatch: '*.bench.ts', workers: 1, timeout: 600_000, reporter: 'line' });
