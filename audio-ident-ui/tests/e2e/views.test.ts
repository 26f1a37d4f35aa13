import { devices } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, expectAccessible, test } from './checks';
import { recording, Service, song } from './service';

const KEY = 'open sesame';
const FILL = `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
rows = []
for i in range(10000):
    title, artist = f"Synthetic piece {i:05d}", f"Band {i % 700}"
    second = f"2020-01-{1 + i % 28:02d}T00:00:{i % 60:02d}.000000Z"
    rows.append((f"00000000-0000-4000-8000-{i:012d}", title, artist, 180 + i % 120, f"{i:064x}", f"/none/{i}.flac", second, second, f"{title}\\n{artist}".lower()))
db.executemany("INSERT INTO tracks (id, title, artist, duration_seconds, file_hash_sha256, file_size_bytes, file_path, file_modified_ns, fingerprint_indexed, state, ingested_at, updated_at, search_text) VALUES (?, ?, ?, ?, ?, 1, ?, 0, 1, 'ready', ?, ?, ?)", rows)
db.commit()
`;

let service: Service;
test.beforeAll(async () => {
  service = new Service({ ADMIN_API_KEY: KEY });
  service.copyMusic();
  service.run('ingest', service.music);
  execFileSync('/usr/bin/python3', ['-c', FILL, join(service.home, 'data/catalog.db')]);
  await service.start();
});
test.afterAll(() => service.close());

test('ten thousand tracks: searched as one types, paged, one opened and removed with the key', async ({ page }) => {
  await page.goto(`${service.url}/library`);
  await expect(page.getByText('10,006 tracks')).toBeVisible();
  await expect(page.locator('tbody tr')).toHaveCount(50);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Last' }).click();
  await expect(page.getByText('Page 201 of 201').last()).toBeVisible();
  await expect(page.locator('tbody tr')).toHaveCount(6);

  await page.getByRole('searchbox').pressSequentially('hungarian');
  await expect(page.getByText('1 track', { exact: true })).toBeVisible();
  await page.getByRole('link', { name: /Hungarian/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Hungarian');
  await expect(page.getByText('SHA-256')).toBeVisible();
  await expect(page.locator('.wave canvas').first()).toBeAttached();
  await expectAccessible(page);

  await page.goBack();
  await expect(page.getByRole('searchbox')).toHaveValue('hungarian');
  await page.getByRole('searchbox').fill('piece 00042');
  await page.getByRole('link', { name: 'Synthetic piece 00042' }).click();
  await page.getByRole('button', { name: 'Remove from the library' }).click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByRole('textbox', { name: 'Key' }).fill('wrong');
  await page.getByRole('button', { name: 'Use it' }).click();
  await expect(page.getByText('This key is wrong.')).toBeVisible();
  await page.getByRole('textbox', { name: 'Key' }).fill(KEY);
  await page.getByRole('button', { name: 'Use it' }).click();
  await expect(page.getByText('10,005 tracks')).toBeVisible();
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain(KEY);
});

test('the library is sorted by its columns, with the keyboard, and the address keeps it', async ({ page }) => {
  await page.goto(`${service.url}/library`);
  const header = (name: string) => page.getByRole('columnheader', { name });
  const firstTitle = page.locator('tbody tr').first().getByRole('link');
  await expect(header('Added')).toHaveAttribute('aria-sort', 'descending');
  await header('Title').getByRole('button').focus();
  await page.keyboard.press('Enter');
  await expect(header('Title')).toHaveAttribute('aria-sort', 'ascending');
  await expect(header('Added')).not.toHaveAttribute('aria-sort');
  await expect(firstTitle).toContainText('Dance of the Sugar Plum Fairy');
  await page.keyboard.press('Space');
  await expect(header('Title')).toHaveAttribute('aria-sort', 'descending');
  await expect(firstTitle).toContainText('Vibe Ace');
  await header('Length').getByRole('button').click();
  await expect(page.locator('tbody tr').first().locator('.duration')).toHaveText('0:36');
  await header('Length').getByRole('button').click();
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page.getByText('Page 2 of 201').last()).toBeVisible();
  await expectAccessible(page);
  await page.reload();
  await expect(header('Length')).toHaveAttribute('aria-sort', 'descending');
  await expect(page.getByText('Page 2 of 201').last()).toBeVisible();
});

// Before anything is added: an ingest marks the rows without music as not completed.
test('the status says what is half done', async ({ page }) => {
  await page.goto(service.url);
  await page.getByRole('link', { name: 'Status' }).click();
  await expect(page.getByText('It works, but something is left to do.')).toBeVisible();
  // Rows without music: no index holds them.
  await expect(page.getByText(/^6 of 10,00[56]$/).first()).toBeVisible();
  await expect(page.getByText('audio-ident rebuild-index')).toBeVisible();
  await expect(page.getByText('audio-ident reembed')).toBeVisible();
  await expectAccessible(page);
});

test('music is added: files, and a folder with progress; what fails is named and may be tried again', async ({
  page
}) => {
  const tone = join(service.home, 'tone.flac');
  execFileSync('ffmpeg', [
    '-v',
    'error',
    '-y',
    '-f',
    'lavfi',
    '-i',
    'aevalsrc=sin(2*PI*t*(300+40*mod(floor(t*3)\\,7))):d=20',
    '-metadata',
    'title=Seven Steps',
    tone
  ]);
  const text = join(service.home, 'letter.mp3');
  writeFileSync(text, 'Dear Sir or Madam\n'.repeat(50));
  await page.goto(`${service.url}/add`);
  await page.getByLabel('Choose files').setInputFiles([tone, text, song]);
  await page.getByRole('textbox', { name: 'Key' }).fill(KEY);
  await page.getByRole('button', { name: 'Use it' }).click();
  await expect(page.getByText('added', { exact: true })).toBeVisible();
  await expect(page.getByText('already there')).toBeVisible();
  await expect(page.getByText('The service cannot read this file as audio.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Retry' })).toBeVisible();

  copyFileSync(text, join(service.music, 'letter.mp3'));
  await page.getByRole('textbox', { name: 'Folder' }).fill(join(service.home, 'data'));
  await page.getByRole('button', { name: 'Add the folder' }).click();
  await expect(page.getByText('The service does not allow this.')).toBeVisible();
  await page.getByRole('textbox', { name: 'Folder' }).fill(service.music);
  await page.getByRole('button', { name: 'Add the folder' }).click();
  await expect(page.getByText('finished')).toBeVisible();
  await expect(page.getByText('7 of 7 files')).toBeVisible();
  await page.getByText('1 file failed').click();
  await expect(page.getByText(/letter\.mp3/).last()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Try all failed files again' })).toBeVisible();
  await expectAccessible(page);
  await page.reload();
  await expect(page.getByText('7 of 7 files')).toBeVisible();
});

test('what is not in the library is a friendly answer, what is no audio an error; both go on', async ({ page }) => {
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
  await page.goto(service.url);
  await page.getByLabel('Choose a file').setInputFiles(stranger);
  await expect(page.getByRole('heading', { name: 'Not in your library' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Identify another' }).click();

  const silence = join(service.home, 'silence.wav');
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', 'anoisesrc=a=0.0005:d=6', silence]);
  await page.getByLabel('Choose a file').setInputFiles(silence);
  await expect(page.getByText('The recording is very quiet.')).toBeVisible();
  await page.getByRole('button', { name: 'Identify another' }).click();

  await page
    .getByLabel('Choose a file')
    .setInputFiles({ name: 'a.mp3', mimeType: 'audio/mpeg', buffer: Buffer.from('no audio at all '.repeat(99)) });
  await expect(page.getByRole('alert')).toHaveText('The service cannot read this file as audio.');
  await page.getByRole('radio', { name: 'The recording' }).click();
  await page.getByLabel('Choose a file').setInputFiles(recording(song, 5, 2, join(service.home, 'short.wav')));
  await expect(page.getByRole('alert')).toContainText('too short');
  await expectAccessible(page);
});

test('a long file is cut on its waveform, with the keyboard', async ({ page }) => {
  const long = join(service.home, 'long.opus');
  execFileSync('ffmpeg', [
    '-v',
    'error',
    '-y',
    '-f',
    'lavfi',
    '-t',
    '60',
    '-i',
    'anoisesrc=a=0.02',
    '-i',
    song,
    '-filter_complex',
    '[1:a]aformat=channel_layouts=mono:sample_rates=48000[b];[0:a]aformat=channel_layouts=mono:sample_rates=48000[a];[a][b]concat=n=2:v=0:a=1',
    '-c:a',
    'libopus',
    long
  ]);
  await page.goto(service.url);
  await page.getByLabel('Choose a file').setInputFiles(long);
  await expect(page.getByRole('heading', { name: 'Which part?' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('slider').press('End');
  for (let i = 0; i < 12; i += 1) await page.getByRole('slider').press('ArrowLeft');
  await page.getByRole('button', { name: 'Identify this part' }).press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Hungarian');
});

test('history', async ({ page }) => {
  await page.goto(service.url);
  await page.getByLabel('Choose a file').setInputFiles(recording(song, 10, 6, join(service.home, 'clip.webm')));
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Hungarian');
  await page.getByRole('link', { name: 'History' }).click();
  await expect(page.getByRole('link', { name: /Hungarian/ })).toBeVisible();
  await expectAccessible(page);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  expect((await download).suggestedFilename()).toBe('audio-ident-history.json');
  await page.getByRole('button', { name: 'Clear' }).click();
  await expect(page.getByText('Nothing yet.')).toBeVisible();
});

test('the service goes down and comes back', async ({ page }) => {
  await page.goto(`${service.url}/status`);
  await expect(page.getByText('It works, but something is left to do.')).toBeVisible();
  const port = service.port;
  await service.stop();
  await expect(page.getByText('The service does not answer.')).toBeVisible();
  await service.start(port);
  await expect(page.getByText('The service does not answer.')).toBeHidden();
  await expect(page.getByText('It works, but something is left to do.')).toBeVisible();
});

test('by keyboard alone', async ({ page }) => {
  // Asked for early: Chromium must know that choosers are the test's before a key opens one.
  const chooser = page.waitForEvent('filechooser');
  await page.goto(service.url);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Listen with the microphone' })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('Choose a file')).toBeFocused();
  await page.keyboard.press('Enter');
  await (await chooser).setFiles(recording(song, 12, 6, join(service.home, 'keys.webm')));
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Hungarian');
  await page.getByRole('button', { name: 'Play' }).focus();
  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { name: 'Pause' })).toBeFocused();
});

test('the theme is chosen by hand, and kept', async ({ page }) => {
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await page.goto(`${service.url}/library`);
  await expect(page.locator('tbody tr').first()).toBeVisible();
  const byDay = await ground();
  await page.getByRole('button', { name: 'Theme: like the system' }).click();
  await page.getByRole('button', { name: 'Theme: light' }).click();
  await expect(page.getByRole('button', { name: 'Theme: dark' })).toBeVisible();
  const byNight = await ground();
  expect(byNight).not.toBe(byDay);
  await page.reload();
  expect(await ground()).toBe(byNight);
  await expect(page.locator('tbody tr').first()).toBeVisible();
  await expectAccessible(page);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`on a phone, ${colorScheme}`, () => {
    const { userAgent, viewport, deviceScaleFactor, isMobile, hasTouch } = devices['Pixel 7'];
    test.use({ userAgent, viewport, deviceScaleFactor, isMobile, hasTouch, colorScheme });
    test('every view fits and can be read', async ({ page }) => {
      for (const view of ['', 'library', 'add', 'formats', 'timelines', 'monitors', 'history', 'status']) {
        await page.goto(`${service.url}/${view}`);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await page.waitForLoadState('networkidle');
        await expectAccessible(page);
      }
      await page.goto(service.url);
      await page.getByLabel('Choose a file').setInputFiles(recording(song, 20, 6, join(service.home, 'phone.webm')));
      await expect(page.getByRole('heading', { level: 1 })).toContainText('Hungarian');
      await expect(page.locator('.wave canvas').first()).toBeAttached();
      await expectAccessible(page);
    });
  });
}
