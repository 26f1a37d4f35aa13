import { beforeEach, describe, expect, it } from 'vitest';
import type { SearchResponse } from '../../src/lib/api/client';
import { add, clear, entryOf, read } from '../../src/lib/history';
import { bytes, clock, percent } from '../../src/lib/format';

class Memory {
  items = new Map<string, string>();
  getItem = (key: string) => this.items.get(key) ?? null;
  setItem = (key: string, value: string) => void this.items.set(key, value);
  removeItem = (key: string) => void this.items.delete(key);
}
const track = { id: '1', title: 'Blue', artist: null };
const answer = (exact: unknown[], vibe: unknown[], lane: 'ok' | null = 'ok') =>
  ({ exact_matches: exact, vibe_matches: vibe, lanes: { exact: lane, vibe: 'ok' } }) as SearchResponse;
const empty = answer([], []);

describe('history', () => {
  let storage: Storage;
  beforeEach(() => {
    storage = new Memory() as unknown as Storage;
  });
  it('has the newest first and no more than 500', () => {
    for (let i = 0; i < 503; i += 1) add(storage, entryOf(empty, new Date(i)));
    expect(read(storage)).toHaveLength(500);
    expect(read(storage)[0]!.at).toBe(new Date(502).toISOString());
    clear(storage);
    expect(read(storage)).toEqual([]);
  });
  it('knows the recording from what only sounds like it', () => {
    const match = { track, confidence: 0.9, offset_seconds: 7 };
    expect(entryOf(answer([match], [{ track: { ...track, id: '2' } }]))).toMatchObject({
      track,
      confidence: 0.9,
      offset_seconds: 7
    });
    expect(entryOf(answer([], [{ track }]))).toMatchObject({ track: null });
    expect(entryOf(answer([], [{ track }], null))).toMatchObject({ track, alike: true, confidence: null });
    expect(entryOf(answer([match], []))).not.toHaveProperty('alike');
  });
  it('survives what another program wrote there, and a storage that is full', () => {
    storage.setItem('audio-ident.history', '{broken');
    expect(read(storage)).toEqual([]);
    storage.setItem = () => {
      throw new Error('full');
    };
    expect(() => add(storage, entryOf(empty, new Date()))).not.toThrow();
  });
});

describe('formats', () => {
  it('show times, shares and sizes as people write them', () => {
    expect([0, 59.6, 61, 3725].map(clock)).toEqual(['0:00', '1:00', '1:01', '1:02:05']);
    expect([0.996, 1, 0.5, -0.1].map(percent)).toEqual([99, 100, 50, 0]);
    expect([5, 1234, 12_345_678].map(bytes)).toEqual(['5 B', '1.2 kB', '12 MB']);
  });
});
