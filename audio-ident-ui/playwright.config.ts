import { defineConfig } from '@playwright/test';

// Against the real service (tests/e2e/service.ts starts it) in the distribution's Chromium.
export default defineConfig({
  testDir: 'tests/e2e',
  workers: 2,
  timeout: 180_000,
  expect: { timeout: 60_000 },
  reporter: 'list',
  use: {
    launchOptions: { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] }
  }
});
