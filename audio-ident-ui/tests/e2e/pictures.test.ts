import { devices, type Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, inBrowser, test } from './checks';
import { answerWith, job, MADE_UP, timeline } from './made_up';
import { answerWithStations, STATION } from './made_up_stations';
import { recording, Service, song } from './service';

// Writes docs/screenshots/, when asked to: SCREENSHOTS=1, with SCREENSHOT_MUSIC=folder for more music than the bundled.
test.skip(!process.env.SCREENSHOTS, 'no pictures asked for');
test.setTimeout(300_000);

async function picture(page: Page, name: string, fullPage = false): Promise<void> {
  // Folders of this machine are nobody's business.
  await page.evaluate(() => {
    const short = (text: string) => text.replace(/\/\S*?\/music/g, '/music');
    for (const input of document.querySelectorAll('input')) if (input.type === 'text') input.value = short(input.value);
    const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (nodes.nextNode()) nodes.currentNode.nodeValue = short(nodes.currentNode.nodeValue ?? '');
  });
  await page.waitForTimeout(300); // waveforms are drawn after their data has come
  await page.screenshot({
    path: fileURLToPath(new URL(`../../../docs/screenshots/${name}.png`, import.meta.url)),
    animations: 'disabled',
    scale: 'css',
    fullPage
  });
}

let service: Service;
let clip = '';
test.beforeAll(async () => {
  test.setTimeout(900_000); // much music may be asked for
  service = new Service();
  service.copyMusic();
  if (process.env.SCREENSHOT_MUSIC) service.copyMusic(process.env.SCREENSHOT_MUSIC);
  service.run('ingest', service.music);
  await service.start();
  clip = recording(song, 20, 12, join(service.home, 'clip.webm'));
});
test.afterAll(() => service.close());

async function identify(page: Page, file: string, lanes = 'Both'): Promise<void> {
  await page.goto(service.url);
  await page.getByRole('radio', { name: lanes }).click();
  await page.getByLabel('Choose a file').setInputFiles(file);
}
async function open(page: Page, view: string): Promise<void> {
  await page.goto(`${service.url}/${view}`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.waitForLoadState('networkidle');
}
async function answer(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Hungarian');
  await expect(page.locator('.wave canvas').first()).toBeAttached();
  await page.waitForLoadState('networkidle');
}

test('on a wide screen', async ({ page }) => {
  await open(page, '');
  await picture(page, 'start');
  await identify(page, clip);
  await answer(page);
  await picture(page, 'answer', true);

  await identify(page, clip, 'Sounds alike');
  await page.getByRole('region', { name: 'Sounds like it' }).getByRole('listitem').first().getByRole('button').click();
  await expect(page.locator('.wave canvas').first()).toBeAttached();
  await picture(page, 'alike');

  const stranger = join(service.home, 'stranger.webm');
  execFileSync('ffmpeg', [
    '-v',
    'error',
    '-y',
    '-f',
    'lavfi',
    '-i',
    'aevalsrc=0.3*sin(2*PI*t*(500+90*mod(floor(t*5)\\,11))):d=7',
    '-c:a',
    'libopus',
    stranger
  ]);
  await identify(page, stranger, 'The recording');
  await expect(page.getByRole('heading', { name: 'Not in your library' })).toBeVisible();
  await picture(page, 'not-found');
  await identify(page, join(service.music, "Let's Go Fishin'.mp3"));
  await expect(page.getByRole('heading', { name: 'Which part?' })).toBeVisible();
  await picture(page, 'trim');

  await open(page, 'library?sort=title');
  await picture(page, 'library');
  await page.getByRole('searchbox').fill('hungarian');
  await page.getByRole('link', { name: /Hungarian/ }).click();
  await answer(page);
  await picture(page, 'track', true);
  await open(page, 'history');
  await picture(page, 'history');
  await open(page, 'status');
  await picture(page, 'status', true);

  const letter = join(service.home, 'letter.mp3');
  writeFileSync(letter, 'Dear Sir or Madam\n'.repeat(50));
  copyFileSync(letter, join(service.music, 'letter.mp3'));
  await open(page, 'add');
  await page.getByLabel('Choose files').setInputFiles([song, letter]);
  await expect(page.getByText('already there')).toBeVisible();
  await page.getByRole('textbox', { name: 'Folder' }).fill(service.music);
  await page.getByRole('button', { name: 'Add the folder' }).click();
  await page.getByText('1 file failed').click();
  await picture(page, 'add', true);
});

test('a timeline', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await answerWith(page, job(timeline(2, 34), 'Friday night.mp3'), song);
  await open(page, `timelines/${MADE_UP}`);
  await page.getByRole('slider', { name: /Timeline/ }).focus();
  for (const key of ['ArrowRight', 'ArrowRight', '-', 'ArrowRight']) await page.keyboard.press(key);
  await picture(page, 'timeline');
});

test.describe('a station', () => {
  test.use({ timezoneId: 'Europe/Berlin' });
  test('of which a day is shown', async ({ page }) => {
    await page.setViewportSize({ width: 1280, height: 1000 });
    await answerWithStations(page);
    await open(page, `monitors/${STATION}?days=7`);
    await page.getByRole('button', { name: 'Zoom in' }).click({ clickCount: 2 });
    await picture(page, 'monitor');
  });
});

test('listening', async () => {
  const heard = recording(song, 20, 14, join(service.home, 'heard.wav'));
  await inBrowser(
    [
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-audio-capture=${heard}`
    ],
    '127.0.0.1',
    async (page) => {
      await page.goto(service.url);
      await page.getByRole('button', { name: 'Listen with the microphone' }).click();
      await expect(page.getByText('Listening… 3 s')).toBeVisible();
      await picture(page, 'listening');
    }
  );
});

for (const [device, colorScheme] of [
  ['phone', 'light'],
  ['phone', 'dark'],
  ['wide', 'dark']
] as const) {
  test.describe(`${device}, ${colorScheme}`, () => {
    const { userAgent, viewport, deviceScaleFactor, isMobile, hasTouch } = devices['Pixel 7'];
    test.use(
      device === 'phone' ? { userAgent, viewport, deviceScaleFactor, isMobile, hasTouch, colorScheme } : { colorScheme }
    );
    test('every view', async ({ page }) => {
      await identify(page, clip);
      await answer(page);
      await picture(page, `${device}-${colorScheme}-answer`);
      for (const view of ['', 'library?sort=title', 'add', 'history', 'status']) {
        await open(page, view);
        await picture(page, `${device}-${colorScheme}-${view.split('?')[0] || 'start'}`);
      }
    });
  });
}
