import type { Outage, Play } from '$lib/api/client';
import { layout, type EntryBlock, type GapBlock } from '$lib/timeline/items';
import { texts } from '$lib/texts';

export interface PlayBlock extends EntryBlock {
  play: Play;
}
export interface OutageBlock extends GapBlock {
  outage: Outage;
}
/** What the log of a station has about a stretch of a day, in seconds since the day began. */
export type LogBlock = PlayBlock | OutageBlock;

/** The plays and outages of a stretch of time, by time, and cut where it begins and ends. */
export function blocksOf(plays: Play[], outages: Outage[], begin: Date, seconds: number, now: Date): LogBlock[] {
  const since = (iso: string) => (Date.parse(iso) - begin.getTime()) / 1000;
  const within = (start: number, end: number) => ({ start: Math.max(0, start), end: Math.min(seconds, end) });
  const place = layout();
  const known = plays
    .map((play) => ({ play, ...within(since(play.started_at), since(play.ended_at)) }))
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.start - b.start)
    .map(({ play, start, end }): PlayBlock => {
      const { title, artist, confidence } = play;
      const entry = { track: { title, artist }, confidence, verdict: null };
      return { kind: 'entry', key: play.id, start, end, ...place(start, end, play.track_id), entry, play };
    });
  const gap = { kind: 'outage', name: texts.monitor.outage, times_heard: null } as const;
  const unheard = outages
    .map((outage) => ({ outage, ...within(since(outage.started_at), since(outage.ended_at ?? now.toISOString())) }))
    .filter(({ start, end }) => start < end)
    .map(({ outage, start, end }): OutageBlock => ({
      kind: 'gap',
      key: `outage-${outage.started_at}`,
      start,
      end,
      gap,
      outage
    }));
  return [...known, ...unheard].sort((a, b) => a.start - b.start || a.end - b.end);
}
