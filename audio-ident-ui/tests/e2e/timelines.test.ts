import type { Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, expectAccessible, test } from './checks';
import { answerWith, job, MADE_UP, timeline } from './made_up';
import { sample, Service, song } from './service';

const ffmpeg = (...words: string[]) => execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...words]);
const STRANGER = 'aevalsrc=0.3*sin(2*PI*t*(500+90*mod(floor(t*5)\\,11))):s=48000:d=30';

/** 40 s of a track, 30 s of a stranger, 40 s of another track. */
function evening(target: string): string {
  const parts = [0, 1, 2].map((i) => `[${i}:a:0]aformat=sample_rates=48000:channel_layouts=mono[p${i}]`);
  ffmpeg(
    ...['-ss', '20', '-t', '40', '-i', song, '-f', 'lavfi', '-i', STRANGER],
    ...['-ss', '30', '-t', '40', '-i', join(sample, 'Vibe Ace.m4a')],
    ...['-filter_complex', `${parts.join(';')};[p0][p1][p2]concat=n=3:v=0:a=1`, '-c:a', 'libopus', target]
  );
  return target;
}

let service: Service;
test.beforeAll(async () => {
  service = new Service();
  service.run('ingest', sample);
  await service.start();
});
test.afterAll(() => service.close());

async function drop(page: Page, path: string): Promise<void> {
  const content = readFileSync(path).toString('base64');
  await page.evaluate(
    ([content, name]) => {
      const files = new DataTransfer();
      files.items.add(new File([Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))], name));
      for (const type of ['dragover', 'drop'])
        document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: files }));
    },
    [content, path.split('/').at(-1)!] as const
  );
}

test('a recording is dropped, heard, judged and exported; what was unknown is learnt', async ({ page }) => {
  await page.goto(`${service.url}/timelines`);
  await expect(page.getByText('There is no timeline yet.')).toBeVisible();
  await expectAccessible(page);
  await drop(page, evening(join(service.home, 'evening.ogg')));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('evening.ogg');
  const row = (name: RegExp) => page.getByRole('row').filter({ hasText: name });
  const chosen = page.locator('.side');
  await expect(page.getByRole('button', { name: 'Export' }).or(page.getByText('Export'))).toBeVisible();
  await expect(row(/Hungarian Dance/)).toBeVisible();
  await expect(page.locator('canvas.main')).toHaveAttribute('data-drawn', /^[3-9]/);

  // By keyboard: the first block is chosen and played, the recording and the track in step.
  const blocks = page.getByRole('slider', { name: 'Timeline of evening.ogg' });
  await blocks.focus();
  await page.keyboard.press('ArrowRight');
  await expect(blocks).toHaveAttribute('aria-valuetext', /Hungarian Dance/);
  await page.keyboard.press('Enter');
  await expect(chosen.getByRole('button', { name: 'Pause' })).toBeVisible();
  const times = () =>
    page.locator('audio').evaluateAll((all) => all.map((one) => (one as HTMLAudioElement).currentTime));
  await expect.poll(async () => (await times())[0]).toBeGreaterThan(2);
  const away = async () => (await times()).reduce((recording, track) => Math.abs(track - recording - 20));
  await expect.poll(away).toBeLessThan(0.2);
  await chosen.getByRole('button', { name: 'Track', exact: true }).click();
  await expect(chosen.getByRole('button', { name: 'Track', exact: true })).toHaveAttribute('aria-pressed', 'true');
  await chosen.getByRole('button', { name: 'Pause' }).click();
  await expectAccessible(page);

  await chosen.getByRole('button', { name: 'Accept' }).click();
  await expect(row(/Hungarian Dance/)).toContainText('accepted');
  await page.reload();
  await expect(row(/Hungarian Dance/)).toContainText('accepted');

  const download = page.waitForEvent('download');
  await page.getByText('Export').click();
  await page.getByRole('link', { name: /CUE/ }).click();
  const cue = await download;
  expect(cue.suggestedFilename()).toBe('evening.ogg.cue');
  expect(readFileSync(await cue.path(), 'utf8')).toContain('Hungarian Dance');

  await row(/unknown/)
    .getByRole('button')
    .last()
    .click();
  await chosen.getByText('Add it to the library').click();
  await expectAccessible(page);
  await chosen.getByLabel('Title').fill('Eleven Steps');
  await chosen.getByRole('button', { name: 'Add to the library' }).click();
  await expect(row(/Eleven Steps/)).toContainText('accepted');

  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByRole('button', { name: 'Remove it' }).click();
  await expect(page.getByText('There is no timeline yet.')).toBeVisible();
});

test('a file that is too long for a clip becomes a timeline', async ({ page }) => {
  const long = join(service.home, 'long.wav');
  ffmpeg('-f', 'lavfi', '-i', 'anullsrc=r=8000:cl=mono', '-t', '700', '-c:a', 'pcm_u8', long);
  await page.goto(service.url);
  await page.getByLabel('Choose a file').setInputFiles(long);
  await expect(page.getByRole('heading', { name: 'This is a long recording' })).toBeVisible();
  await expect(page.getByText('It is 11:40 long.')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Make its timeline' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('long.wav');
  await expect(page.getByRole('row').filter({ hasText: 'silence' })).toBeVisible();
});

test('what cannot become a timeline is said', async ({ page }) => {
  await page.goto(`${service.url}/timelines`);
  await page
    .getByLabel('Choose a recording')
    .setInputFiles({ name: 'a.mp3', mimeType: 'audio/mpeg', buffer: Buffer.from('no audio at all '.repeat(99)) });
  await expect(page.getByRole('alert')).toContainText('The service cannot read this file as audio.');
  await page.getByRole('textbox', { name: 'File' }).fill('/etc/passwd');
  await page.getByRole('button', { name: 'Make its timeline' }).click();
  await expect(page.getByText('The service does not allow this.')).toBeVisible();
  await page.goto(`${service.url}/timelines/${MADE_UP}`);
  await expect(page.getByRole('heading', { name: 'There is no such timeline' })).toBeVisible();
});

test('a day of 1,000 entries: drawn, searched, and read with few rows in the document', async ({ page }) => {
  const day = job(timeline(24, 1000), 'A day of radio.flac');
  await answerWith(page, day, song);
  await page.goto(`${service.url}/timelines/${MADE_UP}`);
  const all = day.timeline!.entries.length + day.timeline!.gaps.length;
  await expect(page.locator('canvas.main')).toHaveAttribute('data-drawn', `${all}`);
  expect(await page.locator('tbody tr').count()).toBeLessThan(100);
  await expectAccessible(page);
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  const last = day.timeline!.entries.at(-1)!;
  await expect(page.getByRole('row').filter({ hasText: last.track.title }).last()).toBeVisible();
  await page.getByRole('searchbox').fill(last.track.title);
  await expect(page.getByRole('table')).toContainText(last.track.title);
  await page.getByRole('combobox').selectOption('Not recognised');
  await expect(page.getByText('Nothing fits.')).toBeVisible();
});
