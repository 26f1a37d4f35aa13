import { describe, expect, it } from 'vitest';
import { ApiError, type Monitor, type Play, type PlayPage, type Sound } from '$lib/api/client';
import { blocksOf } from '$lib/monitors/blocks';
import { dayOf, isDay, momentIn, momentLink, momentText, secondsIn, shift, spanTo, startOf } from '$lib/monitors/days';
import { latest, playsNow, readAll, renew } from '$lib/monitors/log';
import { agoText, factsOf, fieldOf, heardText, otherHint, problemOf, soundText } from '$lib/monitors/words';

process.env.TZ = 'Europe/Berlin';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 28, 12, minute)).toISOString();
const play = (number: number, more: Partial<Play> = {}): Play => ({
  id: `play ${number}`,
  monitor_id: 'one',
  monitor: 'One',
  track_id: `track ${number % 3}`,
  title: `Title ${number}`,
  artist: null,
  started_at: at(4 * number),
  ended_at: at(4 * number + 3),
  place_seconds: 2,
  end_place_seconds: 182,
  speed: 1,
  pitch: 1,
  confidence: 0.97,
  gaps: [],
  final: true,
  hint: null,
  ...more
});
const page = (items: Play[], total: number, pages = 1): PlayPage => ({ items, total, page: 1, per_page: 2, pages });

describe('a day', () => {
  it('begins and ends at midnight where the viewer is, also when clocks are changed', () => {
    expect(spanTo('2026-11-28', 1)).toEqual({ from: '2026-11-27T23:00:00Z', to: '2026-11-28T23:00:00Z' });
    expect(spanTo('2026-10-26', 7)).toEqual({ from: '2026-10-19T22:00:00Z', to: '2026-10-26T23:00:00Z' });
    expect(['2026-03-29', '2026-11-28', '2026-10-25'].map((day) => secondsIn(day) / 3600)).toEqual([23, 24, 25]);
    expect(dayOf(new Date('2026-11-27T23:30:00Z'))).toBe('2026-11-28');
    expect(shift('2026-03-01', -1)).toBe('2026-02-28');
    expect(shift('2026-10-24', 2)).toBe('2026-10-26');
  });
  it('is read from an address only when there is such a day', () => {
    expect(isDay('2026-11-28')).toBe(true);
    for (const text of [null, '', '2026-02-30', '2026-1-1', 'today']) expect(isDay(text)).toBe(false);
  });
  it('is shown at a moment that an address names', () => {
    expect(momentLink('one', '2026-11-28T11:03:15.123456Z')).toBe('/monitors/one?at=2026-11-28T11:03:15Z');
    expect(momentIn('2026-11-28T11:03:15Z')).toEqual(new Date('2026-11-28T11:03:15Z'));
    for (const text of [null, '', '1', '2026-11-28', '2026-13-28T00:00:00Z', 'now']) expect(momentIn(text)).toBeNull();
  });
  it('is named with a time only when it is another one', () => {
    expect(momentText('2026-11-28T11:03:15Z', '2026-11-28')).toBe('12:03:15');
    expect(momentText('2026-11-27T11:03:15Z', '2026-11-28', 'to the minute')).toBe('27 Nov, 12:03');
    expect(momentText('2025-11-27T11:03:15Z', '2026-11-28')).toBe('27 Nov 2025, 12:03:15');
  });
});

describe('the log', () => {
  const known = { plays: [play(3), play(2), play(1)], total: 3 };
  it('keeps what it knows below the newest page', () => {
    expect(renew(known, page([play(4), play(3)], 4))).toEqual({
      plays: [play(4), play(3), play(2), play(1)],
      total: 4
    });
    const corrected = play(3, { title: 'Another' });
    expect(renew(known, page([corrected, play(2)], 3))?.plays).toEqual([corrected, play(2), play(1)]);
  });
  it('is the newest page when that is all, also when a play has vanished', () => {
    expect(renew(known, page([play(1)], 1))).toEqual({ plays: [play(1)], total: 1 });
  });
  it('is read again when the newest page does not fit', () => {
    expect(renew(known, page([play(9), play(8)], 9))).toBeNull();
    expect(renew(known, page([play(4), play(3)], 3))).toBeNull();
    const open = { plays: [play(3), play(2), play(1, { final: false })], total: 3 };
    expect(renew(open, page([play(3), play(2)], 3))).toBeNull();
  });
  it('is read page by page, and a play that moves to the next page is there once', async () => {
    const pages = [page([play(4), play(3)], 4, 2), page([play(3), play(2)], 5, 3), page([play(1)], 5, 3)];
    const log = await readAll(async (number) => pages[number - 1]!);
    expect(log).toEqual({ plays: [play(4), play(3), play(2), play(1)], total: 5 });
  });
  it('tells what plays now', () => {
    const monitor = { status: 'listening', heard_at: at(3) } as Monitor;
    const now = play(0, { final: false });
    expect(playsNow(monitor, now)).toBe(true);
    expect(playsNow({ ...monitor, heard_at: at(4) }, now)).toBe(false);
    expect(playsNow({ ...monitor, status: 'failing' }, now)).toBe(false);
    expect(playsNow(monitor, play(0))).toBe(false);
    expect(latest([play(3), play(2, { monitor_id: 'two' }), play(1)])).toEqual(
      new Map([
        ['one', play(3)],
        ['two', play(2, { monitor_id: 'two' })]
      ])
    );
  });
});

it('the blocks of a day come by time and end with it; an outage may go on', () => {
  const begin = startOf('2026-11-28');
  const early = play(1, { started_at: '2026-11-27T22:58:00Z', ended_at: '2026-11-27T23:02:00Z' });
  const gone = play(2, { started_at: '2026-11-27T22:50:00Z', ended_at: '2026-11-27T22:55:00Z' });
  const outage = { started_at: '2026-11-27T23:10:00Z', ended_at: null, reason: 'why' };
  const blocks = blocksOf([early, gone], [outage], begin, 86_400, new Date('2026-11-27T23:11:00Z'));
  expect(blocks.map(({ kind, start, end }) => [kind, start, end])).toEqual([
    ['entry', 0, 120],
    ['gap', 600, 660]
  ]);
});

describe('words', () => {
  it('say of a play only what is worth saying', () => {
    expect(factsOf(play(1))).toEqual(['0:02 to 3:02 of the track']);
    const odd = play(1, { speed: 1.021, pitch: 1.021, gaps: [{ from: at(1), to: at(2) }], final: false });
    expect(factsOf(odd).slice(1)).toEqual([
      '2.1 % faster',
      'a gap of 1:00 that could not be heard',
      'not final yet: it can still change'
    ]);
    expect(otherHint(play(1, { hint: 'Band - TITLE 1' }))).toBeNull();
    expect(otherHint(play(1, { hint: 'The News' }))).toBe('The News');
  });
  it('say what is known of an unknown sound', () => {
    const times = { first_heard_at: '2026-11-26T07:12:40.000000Z', last_heard_at: at(3) };
    const sound: Sound = { number: 12, plays: 9, seconds: 30.6, has_audio: true, track_id: null, ...times };
    expect(soundText(sound, false)).toBe('9 plays · 0:31');
    expect(soundText(sound, true)).toBe('kept, was unknown 12 · 9 plays · 0:31');
    expect(heardText(sound, '2026-11-28')).toBe('first heard 26 Nov, 08:12, last 13:03');
  });
  it('say how long ago something was, unless it lies ahead', () => {
    expect([12.9, 60, 3599, 5400, 86_000].map(agoText)).toEqual([
      '12 s ago',
      '1 min ago',
      '59 min ago',
      '1 h 30 min ago',
      '23 h 53 min ago'
    ]);
    expect(agoText(-3)).toBe('');
  });
  it('place an error at the field that it is about', () => {
    const error = (code: string, detail: string) => new ApiError(code, detail);
    const invalid = (detail: string) => error('VALIDATION_ERROR', detail);
    expect(fieldOf(invalid('name must not be empty'))).toBe('name');
    expect(fieldOf(invalid('there is a monitor "One" already, or a value is too long'))).toBe('name');
    expect(fieldOf(invalid('source must be a URL'))).toBe('source');
    expect(fieldOf(error('FILE_NOT_FOUND', 'there is no file /x'))).toBe('source');
    expect(fieldOf(error('FORBIDDEN', '/x is not below a folder of INGEST_ROOTS; add one'))).toBe('source');
    expect(fieldOf(invalid('there are 64 monitors already; remove one first'))).toBeNull();
    expect(fieldOf(error('NETWORK', ''))).toBeNull();
    expect(problemOf(invalid('name must not be empty'))).toBe('Name must not be empty.');
  });
});
