import type { Page } from '@playwright/test';
import type { Monitor, Outage, Play, PlayTotal, Sound, SoundPlay, StationMatch } from '../../src/lib/api/client';
import { lottery, track } from './made_up';

/** When the made-up stations are looked at. */
export const NOW = new Date('2026-11-28T17:42:10Z');
export const STATION = '00000000-0000-4000-8000-0000000000f1';

const iso = (time: number) => new Date(time).toISOString().replace('Z', '000Z');

const station = (number: number, name: string, source: string, more: Partial<Monitor>): Monitor => ({
  id: `00000000-0000-4000-8000-0000000000f${number}`,
  name,
  source,
  min_confidence: 0.5,
  created_at: '2026-11-01T08:00:00.000000Z',
  status: 'listening',
  detail: null,
  status_at: '2026-11-28T06:14:03.000000Z',
  heard_at: iso(NOW.getTime() - 4000),
  hint: null,
  ...more
});

export const stations: Monitor[] = [
  station(2, 'Harbour FM', 'http://radio.example.org:8000/harbour', {
    status: 'failing',
    detail: 'the server answers 503 Service Unavailable',
    status_at: '2026-11-28T16:58:41.000000Z'
  }),
  station(3, 'Night Line', 'https://night.example.org/live/index.m3u8', { status: 'paused' }),
  station(1, 'Radio One', 'https://radio.example.org/one.mp3', { hint: 'Radio One - The Saturday Show' }),
  station(4, 'The tape of June', '/music/tapes/june.flac', { status: 'ended' })
];

/** What a station played in `hours` until now, newest first: tracks, talk between them, and what fell into outages. */
export function playsOf(monitor: Monitor, hours: number, outages: Outage[], seed: number): Play[] {
  const draw = lottery(seed);
  const end = NOW.getTime();
  const plays: Play[] = [];
  for (let at = end - hours * 3600_000, i = 0; at < end - 20_000; i += 1) {
    const known = track(Math.floor(draw() * 120));
    const missing = draw() < 0.04 ? 25 : 0;
    const length = (150 + 90 * draw() + missing) * 1000;
    const unsure = draw() < 0.1;
    const speed = draw() < 0.12 ? 1.021 : 1;
    const ends = Math.min(at + length, end - 6000);
    const heard = !outages.some((one) => Date.parse(one.started_at) < ends && Date.parse(one.ended_at ?? '9999') > at);
    if (heard)
      plays.unshift({
        id: `00000000-0000-4000-a${seed.toString().padStart(3, '0')}-${String(i).padStart(12, '0')}`,
        monitor_id: monitor.id,
        monitor: monitor.name,
        track_id: known.id,
        title: known.title,
        artist: known.artist,
        started_at: iso(at),
        ended_at: iso(ends),
        place_seconds: 2,
        end_place_seconds: 2 + ((ends - at) / 1000) * speed,
        speed,
        pitch: speed,
        confidence: unsure ? 0.61 + 0.2 * draw() : 0.94 + 0.0599 * draw(),
        gaps: missing > 0 ? [{ from: iso(at + 60_000), to: iso(at + 60_000 + missing * 1000) }] : [],
        final: ends < end - 150_000,
        hint: draw() < 0.3 ? `${known.artist} - ${known.title}` : null
      });
    at += length + (draw() < 0.35 ? 60_000 + 200_000 * draw() : -4000);
  }
  return plays;
}

const outages: Outage[] = [
  {
    started_at: '2026-11-28T12:20:12.000000Z',
    ended_at: '2026-11-28T12:41:55.000000Z',
    reason: 'the stream stood still'
  },
  {
    started_at: '2026-11-28T03:02:00.000000Z',
    ended_at: '2026-11-28T04:29:30.000000Z',
    reason: 'the server answers 503 Service Unavailable'
  }
];
const all = [
  ...playsOf(stations[2]!, 41, outages, 1),
  ...playsOf(stations[0]!, 5, [{ started_at: '2026-11-28T16:58:41Z', ended_at: null, reason: '' }], 2),
  ...playsOf(stations[3]!, 0.9, [], 3).map((play) => ({ ...play, final: true }))
].sort((a, b) => b.started_at.localeCompare(a.started_at));

function totals(plays: Play[], by: string | null): PlayTotal[] {
  const found = new Map<string, PlayTotal>();
  for (const play of plays) {
    const name = by === 'artist' ? (play.artist ?? '') : play.title;
    const old = found.get(name) ?? { track_id: null, name, artist: play.artist, plays: 0, seconds: 0 };
    const seconds = (Date.parse(play.ended_at) - Date.parse(play.started_at)) / 1000;
    const id = by === 'track' ? play.track_id : null;
    found.set(name, { ...old, track_id: id, plays: old.plays + 1, seconds: old.seconds + seconds });
  }
  return [...found.values()].sort((a, b) => b.plays - a.plays || b.seconds - a.seconds).slice(0, 100);
}

/** A clip that two stations played, one of them now. */
export const matches: StationMatch[] = [
  [stations[2]!, 12, 0.9991],
  [stations[2]!, 5400, 0.98],
  [stations[0]!, 86_000, 0.91]
].map(([monitor, behind, confidence]) => ({
  monitor_id: (monitor as Monitor).id,
  monitor: (monitor as Monitor).name,
  played_at: iso(NOW.getTime() - 1000 * ((behind as number) + 6)),
  seconds_behind: behind as number,
  confidence: confidence as number
}));

/** Answers for the service when the page asks which station played a clip. */
export async function answerWithMatches(page: Page, found: StationMatch[]): Promise<void> {
  const json = { request_id: '', query_duration_ms: 40, station_matches: found };
  await page.route('**/api/v1/search/stations', (route) => route.fulfill({ json }));
}

const KEPT = track(200);
const GONE = track(201).id;
const HOUR_MS = 3600_000;

/** When an unknown sound was played, latest first. */
function soundPlays({ number, plays, seconds }: Sound): SoundPlay[] {
  return Array.from({ length: plays }, (_, i) => {
    const began = NOW.getTime() - (5 * number + 7 * HOUR_MS * i) - 1_234_567;
    return { started_at: iso(began), ended_at: iso(began + 1000 * seconds) };
  });
}

/** Twelve: number 3 was kept, number 4 too and its track removed, number 5 has no audio yet. */
export const sounds: Sound[] = Array.from({ length: 12 }, (_, i) => {
  const sound = { number: i + 1, plays: 21 - Math.floor(1.6 * i), seconds: 4 + 9 * ((i * 5) % 7), has_audio: i !== 4 };
  const plays = soundPlays(sound as Sound);
  const heard = { first_heard_at: plays.at(-1)!.started_at, last_heard_at: plays[0]!.ended_at };
  return { ...sound, ...heard, track_id: i === 2 ? KEPT.id : i === 3 ? GONE : null };
});

/** Answers for the service when the page asks for unknown sounds. They sound like `audio`. */
export async function answerWithSounds(page: Page, audio: string): Promise<void> {
  const missing = { error: { code: 'NOT_FOUND', message: 'there is no such track', request_id: '' } };
  await page.route(`**/api/v1/tracks/${KEPT.id}`, (route) => route.fulfill({ json: KEPT }));
  await page.route(`**/api/v1/tracks/${GONE}`, (route) => route.fulfill({ status: 404, json: missing }));
  await page.route('**/api/v1/monitors/*/sounds?**', (route) => {
    const query = new URL(route.request().url()).searchParams;
    const [number, each] = [Number(query.get('page')), Number(query.get('per_page'))];
    const items = sounds.slice((number - 1) * each, number * each);
    const pages = Math.ceil(sounds.length / each);
    return route.fulfill({ json: { items, total: sounds.length, page: number, per_page: each, pages } });
  });
  await page.route('**/api/v1/monitors/*/sounds/*/plays', (route) => {
    const number = Number(route.request().url().split('/').at(-2));
    return route.fulfill({ json: { items: soundPlays(sounds[number - 1]!) } });
  });
  await page.route('**/api/v1/monitors/*/sounds/*/audio', (route) =>
    route.fulfill({ path: audio, contentType: 'audio/flac' })
  );
}

/** Answers for the service when the page asks for monitors. The page believes that it is NOW. */
export async function answerWithStations(page: Page): Promise<void> {
  await page.clock.setFixedTime(NOW);
  const chosen = (query: URLSearchParams) =>
    all.filter(
      ({ monitor_id, started_at }) =>
        [null, monitor_id].includes(query.get('monitor')) &&
        Date.parse(started_at) >= Date.parse(query.get('from') ?? '2000-01-01') &&
        Date.parse(started_at) < Date.parse(query.get('to') ?? '3000-01-01')
    );
  await page.route('**/api/v1/monitors**', (route) => route.fulfill({ json: { items: stations } }));
  for (const one of stations) await page.route(`**/api/v1/monitors/${one.id}`, (route) => route.fulfill({ json: one }));
  await page.route('**/api/v1/monitors/*/outages', (route) => route.fulfill({ json: { items: outages } }));
  await page.route('**/api/v1/monitors/*/sounds?**', (route) =>
    route.fulfill({ json: { items: [], total: 0, page: 1, per_page: 10, pages: 0 } })
  );
  await page.route('**/api/v1/plays?**', (route) => {
    const query = new URL(route.request().url()).searchParams;
    const plays = chosen(query);
    const [number, each] = [Number(query.get('page') ?? 1), Number(query.get('per_page') ?? 50)];
    const items = plays.slice((number - 1) * each, number * each);
    const pages = Math.ceil(plays.length / each);
    return route.fulfill({ json: { items, total: plays.length, page: number, per_page: each, pages } });
  });
  await page.route('**/api/v1/plays/totals**', (route) => {
    const query = new URL(route.request().url()).searchParams;
    return route.fulfill({ json: { items: totals(chosen(query), query.get('by')) } });
  });
}
