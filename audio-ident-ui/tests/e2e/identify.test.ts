import { chromium } from '@playwright/test';
import { join } from 'node:path';
import { expect, expectAccessible, picture, test } from './checks';
import { recording, sample, Service, song } from './service';

let service: Service;
test.beforeAll(async () => {
  service = new Service();
  service.run('ingest', sample);
  await service.start();
});
test.afterAll(() => service.close());

test('a file is identified, and its place in the track is played', async ({ page }) => {
  const clip = recording(song, 20, 6, join(service.home, 'clip.webm'));
  await page.goto(service.url);
  await expectAccessible(page);
  await picture(page, 'start');
  await page.locator('input[type=file]').first().setInputFiles(clip);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Hungarian Dance');
  await expect(page.getByText('Heard at 0:20')).toBeVisible();
  await expect(page.getByText(/Certain|Very likely/)).toBeVisible();
  await expect.poll(async () => Number(await page.getByRole('slider', { name: 'Position' }).inputValue())).toBeGreaterThan(19);
  await expect(page.locator('.wave canvas').first()).toBeAttached();
  await page.getByRole('button', { name: 'Play' }).click();
  await expect.poll(async () => Number(await page.getByRole('slider', { name: 'Position' }).inputValue())).toBeGreaterThan(20.5);
  await page.getByRole('button', { name: 'Your clip' }).click();
  await expect(page.getByRole('button', { name: 'Your clip' })).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('button', { name: 'Pause' }).click();
  await expectAccessible(page);
  await picture(page, 'answer');
});

test('the microphone hears a track, and stops by itself when it is sure', async () => {
  const clip = recording(song, 30, 14, join(service.home, 'heard.wav'));
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-audio-capture=${clip}`]
  });
  const page = await browser.newPage();
  await page.goto(service.url);
  await page.getByRole('button', { name: 'Listen with the microphone' }).click();
  await expect(page.getByText(/Listening/)).toBeVisible();
  await picture(page, 'listening');
  // Nobody taps again.
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Hungarian Dance');
  await browser.close();
});
