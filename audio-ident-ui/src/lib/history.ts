import type { SearchResponse } from '$lib/api/client';

export interface Entry {
  at: string;
  track: { id: string; title: string; artist: string | null } | null;
  /** The track is not the recording itself but the most similar one. */
  alike?: boolean;
  offset_seconds: number | null;
  confidence: number | null;
}

const KEY = 'audio-ident.history';
const MOST = 500;

export function entryOf(answer: SearchResponse, at = new Date()): Entry {
  const best = answer.exact_matches[0];
  // A similar track does not answer which recording it is.
  const alike = answer.lanes.exact === null ? answer.vibe_matches[0] : undefined;
  const track = (best ?? alike)?.track;
  return {
    at: at.toISOString(),
    track: track ? { id: track.id, title: track.title, artist: track.artist } : null,
    ...(alike && { alike: true }),
    offset_seconds: best?.offset_seconds ?? null,
    confidence: best?.confidence ?? null
  };
}

/** Newest first. */
export function read(storage: Storage): Entry[] {
  try {
    const list: unknown = JSON.parse(storage.getItem(KEY) ?? '[]');
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

export function add(storage: Storage, entry: Entry): void {
  try {
    storage.setItem(KEY, JSON.stringify([entry, ...read(storage)].slice(0, MOST)));
  } catch {
    // Storage is full or forbidden. History is only a convenience.
  }
}

export function clear(storage: Storage): void {
  storage.removeItem(KEY);
}
