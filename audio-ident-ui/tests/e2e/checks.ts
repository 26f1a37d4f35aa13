import { test as base, chromium, expect, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What a page does wrong: it breaks its policy, throws, or asks another host than `host`. The list grows while the page
 * is used.
 */
async function findingsOf(page: Page, host = '127.0.0.1'): Promise<string[]> {
  const findings: string[] = [];
  page.on('pageerror', (error) => findings.push(`error: ${error.message}`));
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && ![host, 'localhost'].includes(hostname)) findings.push(`asks ${hostname}`);
  });
  await page.exposeFunction('reportViolation', (violation: string) => findings.push(`policy: ${violation}`));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
      void (window as unknown as { reportViolation: (text: string) => void }).reportViolation(
        `${violatedDirective} ${blockedURI} ${sample}`
      );
    });
  });
  return findings;
}

/** A page that fails the test when it breaks its policy, throws, or asks another host. */
export const test = base.extend({
  page: async ({ page }, use) => {
    const findings = await findingsOf(page);
    await use(page);
    expect(findings).toEqual([]);
  }
});

/** The same in a browser of its own, which needs `switches` to start with. */
export async function inBrowser(switches: string[], host: string, use: (page: Page) => Promise<void>): Promise<void> {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', ...switches]
  });
  try {
    const page = await browser.newPage();
    const findings = await findingsOf(page, host);
    await use(page);
    expect(findings).toEqual([]);
  } finally {
    await browser.close();
  }
}

/** What a fake microphone plays to Chromium. */
export const hears = (wav: string) => [
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  `--use-file-for-fake-audio-capture=${wav}`
];

/** WCAG AA and axe's best practices; and nothing wider than the screen. */
export async function expectAccessible(page: Page): Promise<void> {
  // What fades in has its colours only when it is there.
  await page.evaluate(async () => {
    const ending = document.getAnimations().filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime));
    await Promise.allSettled(ending.map((one) => one.finished));
  });
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const found = await (
      window as unknown as {
        axe: {
          run: () => Promise<{
            violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
          }>;
        };
      }
    ).axe.run();
    return found.violations.map(
      (one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 150) + ' ' + node.failureSummary).join(' | ')}`
    );
  });
  expect(violations).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
}

export { expect };
