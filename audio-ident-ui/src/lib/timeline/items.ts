import type { Timeline, TimelineEntry, TimelineGap } from '$lib/api/client';

interface Stretch {
  key: string;
  start: number;
  end: number;
}
/** What is drawn of a known track. */
export interface EntryBlock extends Stretch {
  kind: 'entry';
  /** 0, or 1 while the entry before is still heard. */
  lane: number;
  /** Its track's number: equal for equal tracks. */
  tint: number;
  entry: Pick<TimelineEntry, 'confidence' | 'verdict'> & { track: Pick<TimelineEntry['track'], 'title' | 'artist'> };
}
/** What is drawn of a stretch without one. In an outage nothing could be heard. */
export interface GapBlock extends Stretch {
  kind: 'gap';
  gap: Pick<TimelineGap, 'name' | 'times_heard'> & { kind: TimelineGap['kind'] | 'outage' };
}
export type Block = EntryBlock | GapBlock;

export interface EntryItem extends EntryBlock {
  /** The entry's number in the timeline. */
  number: number;
  entry: TimelineEntry;
}
export interface GapItem extends GapBlock {
  gap: TimelineGap;
}
/** A stretch of the recording: a known track or none. */
export type Item = EntryItem | GapItem;

/** Gives a lane and a tint to one stretch of a track after the other. They come by time. */
export function layout(): (start: number, end: number, track: string) => { lane: number; tint: number } {
  const tints = new Map<string, number>();
  const free = [-Infinity, -Infinity];
  return (start, end, track) => {
    const lane = start >= free[0]! - 0.05 || start < free[1]! - 0.05 ? 0 : 1;
    free[lane] = Math.max(free[lane]!, end);
    const tint = tints.get(track) ?? tints.size;
    tints.set(track, tint);
    return { lane, tint };
  };
}

/** Entries and gaps by time. */
export function itemsOf(timeline: Timeline): Item[] {
  const place = layout();
  const entries = timeline.entries
    .map((entry, number) => ({ entry, number }))
    .sort((a, b) => a.entry.start - b.entry.start)
    .map(({ entry, number }): EntryItem => {
      const { start, end, track } = entry;
      return { kind: 'entry', key: `entry-${number}`, start, end, number, ...place(start, end, track.id), entry };
    });
  const gaps = timeline.gaps.map((gap, i): GapItem => ({
    kind: 'gap',
    key: `gap-${i}`,
    start: gap.start,
    end: gap.end,
    gap
  }));
  return [...entries, ...gaps].sort((a, b) => a.start - b.start || a.end - b.end);
}

/** The same stretch in a newer timeline of the recording. */
export function sameIn(items: Item[], old: Item): Item | undefined {
  return items.find((one) => one.kind === old.kind && Math.abs(one.start - old.start) < 1);
}

/** The item heard at a moment: entries come before gaps, and the later of two before the earlier. */
export function heardAt(items: Item[], time: number): Item | undefined {
  const here = items.filter(({ start, end }) => start <= time && time < end);
  return here.findLast(({ kind }) => kind === 'entry') ?? here[0];
}

export type Show = 'all' | 'entries' | 'open' | 'gaps';

/** The items that a person asked for, by kind and by a part of title, artist or name. */
export function choose(items: Item[], show: Show, text: string): Item[] {
  const part = text.trim().toLowerCase();
  return items.filter((item) => {
    if (item.kind === 'gap' ? show === 'entries' || show === 'open' : show === 'gaps') return false;
    if (show === 'open' && item.kind === 'entry' && item.entry.verdict !== null) return false;
    const words =
      item.kind === 'entry' ? [item.entry.track.title, item.entry.track.artist] : [item.gap.name ?? item.gap.kind];
    return part === '' || words.some((one) => one?.toLowerCase().includes(part));
  });
}

export interface Sums {
  tracks: number;
  entries: number;
  unknownSeconds: number;
}

export function sumsOf({ entries, gaps }: Timeline): Sums {
  const kept = entries.filter(({ verdict }) => verdict !== 'rejected');
  return {
    tracks: new Set(kept.map(({ track }) => track.id)).size,
    entries: kept.length,
    unknownSeconds: gaps.filter(({ kind }) => kind === 'unknown').reduce((sum, { start, end }) => sum + end - start, 0)
  };
}
