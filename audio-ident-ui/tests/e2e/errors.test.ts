import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, expectAccessible, inBrowser, test } from './checks';
import { recording, sample, Service, song } from './service';

const NAME = 'music.test';

let service: Service;
test.beforeAll(async () => {
  service = new Service({ ALLOWED_HOSTS: NAME });
  service.run('ingest', sample);
  await service.start();
});
test.afterAll(() => service.close());

test('where the browser hides the microphone, the page says so and takes a recording of the device', async () => {
  // Another name than localhost, without TLS: as on a LAN.
  await inBrowser([`--host-resolver-rules=MAP ${NAME} 127.0.0.1`], NAME, async (page) => {
    await page.goto(`http://${NAME}:${service.port}`);
    await expect(page.getByText('Browsers allow the microphone on encrypted pages only')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Listen with the microphone' })).toBeHidden();
    await expectAccessible(page);
    await page
      .getByLabel('Record with this device')
      .setInputFiles(recording(song, 20, 6, join(service.home, 'device.webm')));
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Hungarian Dance');
  });
});

test('a microphone that is refused, and one that is not there', async ({ page, context }) => {
  await page.goto(service.url);
  await page.getByRole('button', { name: 'Listen with the microphone' }).click();
  await expect(page.getByRole('alert')).toHaveText(/The microphone is blocked|No microphone was found/);
  await context.grantPermissions(['microphone']);
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotFoundError'));
  });
  await page.getByRole('button', { name: 'Listen with the microphone' }).click();
  await expect(page.getByRole('alert')).toHaveText('No microphone was found. Choose a file instead.');
  await page.getByLabel('Choose a file').setInputFiles(recording(song, 20, 6, join(service.home, 'instead.webm')));
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Hungarian Dance');
});

test('a file that is too large, also one that the browser can make smaller', async ({ page }) => {
  await page.goto(service.url);
  await page
    .getByLabel('Choose a file')
    .setInputFiles({ name: 'a.wma', mimeType: 'audio/x-ms-wma', buffer: Buffer.alloc(11 * 2 ** 20, 'no sound') });
  await expect(page.getByRole('alert')).toHaveText('The file is too large.');
  // 50 s, 12 MB.
  const large = join(service.home, 'large.wav');
  execFileSync('ffmpeg', [
    '-v',
    'error',
    '-y',
    '-ss',
    '10',
    '-t',
    '50',
    '-i',
    song,
    '-ar',
    '48000',
    '-ac',
    '2',
    '-c:a',
    'pcm_f32le',
    large
  ]);
  await page.getByLabel('Choose a file').setInputFiles(large);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Hungarian Dance');
});

test('too many requests', async ({ page }) => {
  const strict = new Service({ RATE_LIMIT_PER_MINUTE: '6' });
  try {
    await strict.start();
    await page.goto(strict.url);
    await expect(page.getByText('Your library is empty')).toBeVisible();
    await expectAccessible(page);
    await expect
      .poll(async () => {
        await page.getByLabel('Choose a file').setInputFiles(recording(song, 20, 6, join(strict.home, 'again.webm')));
        await expect(page.getByRole('alert').or(page.getByRole('button', { name: 'Identify another' }))).toBeVisible();
        if (await page.getByRole('alert').isVisible()) return page.getByRole('alert').innerText();
        await page.getByRole('button', { name: 'Identify another' }).click();
        return '';
      })
      .toBe('Too many requests. Wait a moment.');
  } finally {
    await strict.close();
  }
});

test('the service goes away while one identifies, and comes back', async ({ page }) => {
  const clip = recording(song, 20, 6, join(service.home, 'away.webm'));
  await page.goto(service.url);
  await expect(page.getByRole('button', { name: 'Listen with the microphone' })).toBeEnabled();
  const port = service.port;
  await service.stop();
  await page.getByLabel('Choose a file').setInputFiles(clip);
  await expect(page.getByRole('alert')).toHaveText('The service cannot be reached.');
  await expect(page.getByText('The service does not answer.')).toBeVisible();
  await expectAccessible(page);
  await service.start(port);
  await expect(page.getByText('The service does not answer.')).toBeHidden();
  await page.getByLabel('Choose a file').setInputFiles(clip);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Hungarian Dance');
});

test('a folder that is being added is cancelled, and started again', async ({ page }) => {
  execFileSync('ffmpeg', [
    '-v',
    'error',
    '-y',
    '-f',
    'lavfi',
    '-i',
    'anoisesrc=d=5400:r=16000:a=0.2',
    '-c:a',
    'pcm_s16le',
    join(service.music, 'rain.wav')
  ]);
  await page.goto(`${service.url}/add`);
  await page.getByRole('textbox', { name: 'Folder' }).fill(service.music);
  await page.getByRole('button', { name: 'Add the folder' }).click();
  await expect(page.getByText('running', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('cancelled', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Start again' }).click();
  await expect(page.getByRole('article')).toHaveCount(2);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('cancelled', { exact: true })).toHaveCount(2);
});
