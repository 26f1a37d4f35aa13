import type { Page } from '@playwright/test';
import { devices } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, expectAccessible, test } from './checks';
import { MADE_UP } from './made_up';
import { answerWithStations, STATION } from './made_up_stations';
import { joined, part, sample, Service, song } from './service';

const STRANGER = 'aevalsrc=0.3*sin(2*PI*t*(500+90*mod(floor(t*5)\\,11))):s=48000:d=12';

/** 24 s of a track, 12 s of a stranger, 24 s of another track. */
const programme = (target: string) =>
  joined([part(song, 20, 24), ['-f', 'lavfi', '-i', STRANGER], part(join(sample, 'Vibe Ace.m4a'), 30, 24)], target);

let service: Service;
let recording = '';
test.beforeAll(async () => {
  // A model that is not installed: stations need the exact lane only.
  service = new Service({ EMBEDDING_MODEL: 'clap-htsat-large' });
  service.run('ingest', sample);
  recording = programme(join(service.music, 'programme.mp3'));
  await service.start();
});
test.afterAll(() => service.close());

// It is noon where the viewer is, so that no play falls on another day.
const hours = new Date().getUTCHours() - 12;
test.use({ timezoneId: `Etc/GMT${hours < 0 ? '' : '+'}${hours}` });

const station = (page: Page, name: string) => page.getByRole('listitem').filter({ hasText: name });
async function fill(page: Page, name: string, source: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('textbox', { name: 'Source' }).fill(source);
  await page.getByRole('button', { name: 'Add it' }).click();
}
async function add(page: Page, name: string, source: string): Promise<void> {
  await page.getByRole('button', { name: 'Add a station' }).click();
  await expect(page.getByRole('textbox', { name: 'Name' })).toBeFocused();
  await fill(page, name, source);
}

test('a station is added, heard, counted, exported and removed', async ({ page }) => {
  await page.goto(`${service.url}/monitors`);
  await expect(page.getByText('There is no station yet.')).toBeVisible();
  await expectAccessible(page);
  await fill(page, 'Tape', recording);
  await expect(station(page, 'Tape')).toContainText('ended');
  await expect(station(page, 'Tape').getByRole('link', { name: 'Vibe Ace' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Tape' }).click();

  const log = page.getByRole('region', { name: 'The log' });
  await expect(log.getByText('2 plays')).toBeVisible();
  await expect(log.getByRole('row').filter({ hasText: 'Vibe Ace' })).toContainText(/^\d\d:\d\d:\d\d.*0:2\d/s);
  const day = page.getByRole('slider', { name: /^Tape, / });
  await expect(day).toHaveAttribute('data-drawn', '2');
  await day.focus();
  await page.keyboard.press('Home');
  await expect(day).toHaveAttribute('aria-valuetext', /^Hungarian Dance No. 5, .* \d+ %$/);
  await page.keyboard.press('Enter');
  const shown = log.getByRole('row').filter({ hasText: 'Hungarian' });
  await expect(shown.getByRole('button')).toBeFocused();
  await expect(shown.getByText(/0:(19|2\d) to 0:4\d of the track/)).toBeVisible();

  const totals = page.getByRole('region', { name: 'How often, how long' });
  await expect(totals.getByRole('row', { name: /^Vibe Ace Kevin MacLeod 1 0:2\d$/ })).toBeVisible();
  await expect(totals.getByRole('row', { name: /^Kevin MacLeod 1 0:2\d$/ })).toBeVisible();
  await expectAccessible(page);
  const download = page.waitForEvent('download');
  await totals.getByRole('link', { name: 'Export CSV' }).click();
  const lines = readFileSync(await (await download).path(), 'utf8').split('\r\n');
  expect(lines[0]).toMatch(/^monitor,started_at,/);
  expect(lines[1]).toMatch(/^Tape,.*Hungarian Dance No. 5/);
  expect(lines[2]).toMatch(/^Tape,.*Vibe Ace/);

  // Another day and another span are in the address.
  await totals.getByRole('combobox', { name: 'Count' }).selectOption('7 days');
  await page.getByRole('button', { name: 'The day before' }).click();
  await expect(page.getByText('Nothing was recognised on this day.')).toBeVisible();
  await page.reload();
  await expect(page.getByText('Nothing was recognised on this day.')).toBeVisible();
  await expect(totals.getByRole('combobox', { name: 'Count' })).toHaveValue('7');
  await expect(totals.getByText('Nothing was recognised.').first()).toBeVisible();
  await page.getByRole('button', { name: 'Today' }).click();
  await expect(log.getByText('2 plays')).toBeVisible();

  await page.getByRole('button', { name: 'Remove Tape' }).click();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Keep it' }).click();
  await page.getByRole('button', { name: 'Remove Tape' }).click();
  await page.getByRole('button', { name: 'Remove it' }).click();
  await expect(page.getByText('There is no station yet.')).toBeVisible();
});

test('what is no station is said at its field; one that fails says why; it is paused and goes on', async ({ page }) => {
  await page.goto(`${service.url}/monitors`);
  await fill(page, 'Far away', 'far away');
  const source = page.getByRole('textbox', { name: 'Source' });
  await expect(page.getByRole('alert')).toContainText('Source must be a URL, or the absolute path');
  await expect(source).toBeFocused();
  await expect(source).toHaveAttribute('aria-invalid', 'true');
  await expectAccessible(page);
  await fill(page, 'Far away', '/etc/passwd');
  await expect(page.getByRole('alert')).toContainText('is not below a folder of INGEST_ROOTS');
  await fill(page, 'Far away', 'http://127.0.0.1:1/');
  const far = station(page, 'Far away');
  await expect(far).toContainText('failing since');
  await expect(far).toContainText('MONITOR_ALLOW_PRIVATE');
  await expectAccessible(page);
  await add(page, 'Far away', recording);
  await expect(page.getByRole('alert')).toContainText('There is a monitor "Far away" already');
  await expect(page.getByRole('textbox', { name: 'Name' })).toBeFocused();
  await page.getByRole('button', { name: 'Cancel' }).click();

  await far.getByRole('button', { name: 'Pause Far away' }).click();
  await expect(far).toContainText('paused since');
  await page.reload();
  await far.getByRole('button', { name: 'Resume Far away' }).click();
  await expect(far).toContainText('failing since');

  // The service goes away: what is known stays in sight.
  const port = service.port;
  await service.stop();
  await expect(page.getByText('The service does not answer.')).toBeVisible();
  await expect(far).toBeVisible();
  await far.getByRole('button', { name: 'Pause Far away' }).click();
  await expect(far.getByRole('alert')).toContainText('The service cannot be reached.');
  await service.start(port);
  await expect(page.getByText('The service does not answer.')).toBeHidden();
  await far.getByRole('button', { name: 'Remove Far away' }).click();
  await page.getByRole('button', { name: 'Remove it' }).click();
  await expect(page.getByText('There is no station yet.')).toBeVisible();
  await page.goto(`${service.url}/monitors/${MADE_UP}`);
  await expect(page.getByRole('heading', { name: 'There is no such monitor' })).toBeVisible();
});

test.describe('stations that are made up', () => {
  test.use({ timezoneId: 'Europe/Berlin' });

  test('a whole day: what plays now, outages, and plays that are not final', async ({ page }) => {
    await answerWithStations(page);
    await page.goto(`${service.url}/monitors`);
    await expect(station(page, 'Radio One')).toContainText(/Now .*since/);
    await expect(station(page, 'Radio One')).toContainText('The station says: Radio One - The Saturday Show');
    await page.getByRole('link', { name: 'Radio One' }).click();
    const log = page.getByRole('region', { name: 'The log' });
    await expect(log.getByText(/2 outages/)).toBeVisible();
    await expect(log.getByRole('row').nth(1)).toContainText('not final yet');
    await expect(log.getByRole('row')).toHaveCount(41);
    await log.getByRole('button', { name: /^Show all/ }).click();
    await expect(log.getByText('the stream stood still')).toBeVisible();
    await expect(log.getByText('a gap of 0:25 that could not be heard').first()).toBeVisible();
  });

  for (const colorScheme of ['light', 'dark'] as const)
    test.describe(`on a phone, ${colorScheme}`, () => {
      const { userAgent, viewport, deviceScaleFactor, isMobile, hasTouch } = devices['Pixel 7'];
      test.use({ userAgent, viewport, deviceScaleFactor, isMobile, hasTouch, colorScheme });
      test('stations and a day fit and can be read', async ({ page }) => {
        await answerWithStations(page);
        await page.goto(`${service.url}/monitors`);
        await expect(station(page, 'Harbour FM')).toContainText('failing since');
        await expectAccessible(page);
        await page.goto(`${service.url}/monitors/${STATION}?days=7`);
        await expect(page.getByRole('slider', { name: /^Radio One, / })).toHaveAttribute('data-drawn', /^\d\d\d$/);
        await expectAccessible(page);
      });
    });
});
