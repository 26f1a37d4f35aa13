import type { Page } from '@playwright/test';
import type { Timeline, TimelineJob } from '../../src/lib/api/client';

export const MADE_UP = '00000000-0000-4000-8000-00000000da7e';

const uuid = (i: number) => `00000000-0000-4000-9000-${String(i).padStart(12, '0')}`;
const FIRST = ['Night', 'Paper', 'Slow', 'Golden', 'Northern', 'Electric', 'Quiet', 'Second', 'Silver', 'Wild'];
const LAST = ['Harbour', 'Machine', 'Garden', 'Signal', 'Orchard', 'Avenue', 'Lantern', 'River', 'Parade'];

/** Numbers from 0 to 1 that are the same each time. */
export function lottery(seed: number): () => number {
  return () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed / 2_147_483_648;
  };
}

export const track = (i: number) => ({
  id: uuid(i),
  title: `${FIRST[i % FIRST.length]} ${LAST[i % LAST.length]}${i < 90 ? '' : ` No. ${Math.floor(i / 90) + 1}`}`,
  artist: `The ${LAST[(i * 7) % LAST.length]}s`,
  album: i % 3 === 0 ? 'Collected' : null,
  duration_seconds: 180 + (i % 90),
  ingested_at: '2026-11-01T12:00:00.000000Z'
});

/** A timeline of about as many entries, with cross-fades, jingles, silence and unknown stretches. */
export function timeline(hours: number, entries: number): Timeline {
  const draw = lottery(16);
  const duration = hours * 3600;
  const each = duration / entries;
  const made: Timeline = { duration_seconds: duration, entries: [], gaps: [], damaged_frames: 0 };
  for (let i = 0, at = 0; i < entries; i += 1, at += each) {
    const id = Math.floor(draw() * 700);
    const unsure = draw() < 0.12;
    const talk = draw() < 0.25 ? 0.3 * each : 0;
    const start = talk > 0 || i === 0 ? at : at - Math.min(8, 0.1 * each);
    const end = at + each - talk;
    const speed = draw() < 0.2 ? 0.97 + 0.06 * draw() : 1;
    const first = { offset_seconds: 4, time_ratio: speed, pitch_ratio: speed };
    made.entries.push({
      start,
      end,
      track: track(id),
      confidence: unsure ? 0.55 + 0.3 * draw() : 0.93 + 0.069 * draw(),
      first,
      last: { ...first, offset_seconds: 4 + (end - start) * speed },
      matched_seconds: [{ start, end }],
      candidates: unsure ? [{ track: track(id + 1), confidence: 0.31, offset_seconds: 12, track_gone: false }] : [],
      verdict: draw() < 0.1 ? (draw() < 0.7 ? 'accepted' : 'rejected') : null,
      track_gone: false
    });
    if (talk === 0) continue;
    const silent = draw() < 0.15;
    const name = Math.floor(1 + 40 * draw());
    made.gaps.push({
      start: end,
      end: at + each - Math.min(8, 0.1 * each),
      kind: silent ? 'silence' : 'unknown',
      name: silent ? null : `unknown ${name}`,
      times_heard: null,
      sounds_like: silent || draw() < 0.6 ? null : [{ track: track(name), similarity: 0.72 }]
    });
  }
  for (const gap of made.gaps) if (gap.name) gap.times_heard = made.gaps.filter(({ name }) => name === gap.name).length;
  return made;
}

export function job(made: Timeline, name: string): TimelineJob {
  return {
    id: MADE_UP,
    name,
    status: 'finished',
    created_at: '2026-11-28T12:00:00.000000Z',
    finished_at: '2026-11-28T12:10:00.000000Z',
    error: null,
    restarts: 0,
    min_confidence: 0.5,
    heard_seconds: made.duration_seconds,
    resumed_seconds: 0,
    total_seconds: made.duration_seconds,
    can_play: true,
    timeline: made
  };
}

/** Answers for the service when the page asks for this timeline. Its recording and its tracks sound like `sound`. */
export async function answerWith(page: Page, timeline: TimelineJob, sound: string): Promise<void> {
  const draw = lottery(7);
  const count = Math.min(100_000, 4 * timeline.heard_seconds);
  const peaks = Array.from({ length: count }, (_, i) =>
    Number(((0.35 + 0.3 * Math.sin(i / 90) ** 2) * (0.6 + 0.4 * draw()) * (i % 400 < 20 ? 0.2 : 1)).toFixed(3))
  );
  await page.route(`**/api/v1/timelines/${timeline.id}/waveform`, (route) =>
    route.fulfill({ json: { timeline_id: timeline.id, duration_seconds: timeline.heard_seconds, peaks } })
  );
  await page.route(`**/api/v1/timelines/${timeline.id}`, (route) => route.fulfill({ json: timeline }));
  for (const audio of [`timelines/${timeline.id}/audio`, 'tracks/00000000-0000-4000-9000-*/audio'])
    await page.route(`**/api/v1/${audio}`, (route) => route.fulfill({ path: sound }));
}
