import type { Timeline, TimelineEntry, TimelineGap } from '$lib/api/client';

interface Stretch {
  key: string;
  start: number;
  end: number;
}
export interface EntryItem extends Stretch {
  kind: 'entry';
  /** The entry's number in the timeline. */
  number: number;
  /** 0, or 1 while the entry before is still heard. */
  lane: number;
  /** Its track's number: equal for equal tracks. */
  tint: number;
  entry: TimelineEntry;
}
export interface GapItem extends Stretch {
  kind: 'gap';
  gap: TimelineGap;
}
/** A stretch of the recording: a known track or none. */
export type Item = EntryItem | GapItem;

/** Entries and gaps by time. */
export function itemsOf(timeline: Timeline): Item[] {
  const tints = new Map<string, number>();
  const free = [0, 0];
  const entries = timeline.entries
    .map((entry, number) => ({ entry, number }))
    .sort((a, b) => a.entry.start - b.entry.start)
    .map(({ entry, number }): EntryItem => {
      const lane = entry.start >= free[0]! - 0.05 || entry.start < free[1]! - 0.05 ? 0 : 1;
      free[lane] = Math.max(free[lane]!, entry.end);
      const tint = tints.get(entry.track.id) ?? tints.size;
      tints.set(entry.track.id, tint);
      return { kind: 'entry', key: `entry-${number}`, start: entry.start, end: entry.end, number, lane, tint, entry };
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
