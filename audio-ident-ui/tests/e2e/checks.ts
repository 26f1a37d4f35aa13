import { test as base, expect, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A page that fails the test when it breaks its policy, throws, or asks another host. */
export const test = base.extend({
  page: async ({ page }, use) => {
    const findings: string[] = [];
    page.on('pageerror', (error) => findings.push(`error: ${error.message}`));
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/i.test(message.text())) findings.push(message.text());
    });
    page.on('request', (request) => {
      const { hostname, protocol } = new URL(request.url());
      if (protocol.startsWith('http') && hostname !== '127.0.0.1' && hostname !== 'localhost') findings.push(`asks ${hostname}`);
    });
    await use(page);
    expect(findings).toEqual([]);
  }
});

/** WCAG AA and axe's best practices; and nothing wider than the screen. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const found = await (window as unknown as { axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> } }).axe.run();
    return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 150) + ' ' + node.failureSummary).join(' | ')}`);
  });
  expect(violations).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
}

/** A picture for docs/screenshots/, only when they are asked for: SCREENSHOTS=1. */
export async function picture(page: Page, name: string): Promise<void> {
  if (!process.env.SCREENSHOTS) return;
  // Folders of this machine are nobody's business.
  await page.evaluate(() => {
    const short = (text: string) => text.replace(/\/\S*?\/music/g, '/music');
    for (const input of document.querySelectorAll('input')) if (input.type === 'text') input.value = short(input.value);
    const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (nodes.nextNode()) nodes.currentNode.nodeValue = short(nodes.currentNode.nodeValue ?? '');
  });
  await page.screenshot({ path: fileURLToPath(new URL(`../../../docs/screenshots/${name}.png`, import.meta.url)), animations: 'disabled', scale: 'css' });
}

export { expect };
