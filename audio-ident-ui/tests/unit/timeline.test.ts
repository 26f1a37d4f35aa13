import { describe, expect, it } from 'vitest';
import { secondsOf } from '$lib/format';
import { choose, heardAt, itemsOf } from '$lib/timeline/items';
import { lineOf, momentOf, placeAt, speedAt } from '$lib/timeline/line';
import { Peaks } from '$lib/timeline/peaks';
import { clamp, reveal, ticks, whole, zoom } from '$lib/timeline/view';
import { timeline } from '../e2e/made_up';

describe('the view', () => {
  it('zooms around a moment, and never leaves the recording', () => {
    const near = zoom(whole(3600), 3600, 0.5, 900);
    expect(near).toEqual({ begin: 450, seconds: 1800 });
    expect(zoom(near, 3600, 100, 900)).toEqual(whole(3600));
    expect(clamp({ begin: 3500, seconds: 600 }, 3600)).toEqual({ begin: 3000, seconds: 600 });
    expect(zoom(near, 3600, 1e-9, 900).seconds).toBeGreaterThan(1);
  });
  it('stays when the stretch is in sight, and comes closer when it is tiny', () => {
    const view = { begin: 100, seconds: 100 };
    expect(reveal(view, 3600, 120, 150)).toBe(view);
    expect(reveal(view, 3600, 1000, 1040).begin).toBe(970);
    expect(reveal(whole(86_400), 86_400, 5000, 5010).seconds).toBe(80);
  });
  it('labels round moments', () => {
    expect(ticks({ begin: 70, seconds: 240 }, 5)).toEqual([120, 180, 240, 300]);
    expect(ticks(whole(86_400), 10)).toHaveLength(9);
  });
});

describe('a line', () => {
  const played = (offset_seconds: number, time_ratio: number) => ({
    offset_seconds,
    time_ratio,
    pitch_ratio: time_ratio
  });
  const [entry] = timeline(1, 20).entries;
  const line = lineOf({ ...entry!, start: 100, end: 200, first: played(10, 1), last: played(112, 1.04) });
  it('has its places and its speeds at both ends, and in between', () => {
    expect(placeAt(line, 100)).toBeCloseTo(10);
    expect(placeAt(line, 200)).toBeCloseTo(112);
    expect(placeAt(line, 150)).toBeCloseTo(60.5);
    expect(speedAt(line, 101)).toBeCloseTo(1, 2);
    expect(speedAt(line, 199)).toBeCloseTo(1.04, 2);
    expect(momentOf(line, 61)).toBeCloseTo(150, 0);
  });
  it('keeps the pitch only where the recording does', () => {
    expect(line.keepsPitch).toBe(false);
    const first = { offset_seconds: 0, time_ratio: 1.05, pitch_ratio: 1 };
    expect(lineOf({ ...entry!, first, last: first }).keepsPitch).toBe(true);
  });
});

describe('the items', () => {
  const made = timeline(24, 1000);
  const items = itemsOf(made);
  it('come by time, each once, and never cover each other', () => {
    expect(items).toHaveLength(made.entries.length + made.gaps.length);
    expect(items.every((one, i) => i === 0 || items[i - 1]!.start <= one.start)).toBe(true);
    const ends = [0, 0];
    for (const item of items)
      if (item.kind === 'entry') {
        expect(item.start).toBeGreaterThanOrEqual(ends[item.lane]! - 0.1);
        ends[item.lane] = item.end;
      }
  });
  it('are found by moment, kind and text', () => {
    const some = items[500]!;
    expect(heardAt(items, some.end - 0.01)).toBeDefined();
    expect(choose(items, 'gaps', '')).toHaveLength(made.gaps.length);
    const { title } = made.entries[7]!.track;
    expect(choose(items, 'entries', title.toUpperCase()).length).toBeGreaterThan(0);
    expect(choose(items, 'all', 'no such title')).toEqual([]);
  });
});

it('the peaks of a stretch are the largest in it, however far away one looks', () => {
  const list = new Array(10_000).fill(0.1);
  list[7777] = 0.8;
  const peaks = new Peaks(list, 10_000);
  expect(peaks.between(7777, 7778)).toBeCloseTo(1);
  expect(peaks.between(7700, 7800)).toBeCloseTo(1);
  expect(peaks.between(0, 10_000)).toBeCloseTo(1);
  expect(peaks.between(100, 900)).toBeCloseTo(0.125);
});

it('reads times as people write them', () => {
  expect(secondsOf('1:02:03')).toBe(3723);
  expect(secondsOf('2:03.5')).toBe(123.5);
  expect(secondsOf('soon')).toBeNaN();
});
