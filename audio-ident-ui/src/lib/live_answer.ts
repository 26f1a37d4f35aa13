import { client, data, type SearchMode, type SearchResponse } from '$lib/api/client';
import type { LivePlay } from '$lib/audio/live';

/** Tracks that sound like the recording, from where it is heard; and how that lane fared. */
async function alike(play: LivePlay): Promise<Pick<SearchResponse, 'vibe_matches'> & { vibe: 'ok' | 'unavailable' }> {
  const at = Math.min(Math.max(0, play.offset_seconds), play.track.duration_seconds);
  const params = { path: { id: play.track.id }, query: { at } };
  try {
    const { vibe_matches } = await data(client.GET('/api/v1/tracks/{id}/similar', { params }));
    return { vibe_matches, vibe: 'ok' };
  } catch {
    return { vibe_matches: [], vibe: 'unavailable' };
  }
}

/** The answer that a search would give to a recording in which this was recognised while it was made. */
export async function liveAnswer(play: LivePlay, mode: SearchMode): Promise<SearchResponse> {
  const { vibe_matches, vibe } = mode === 'both' ? await alike(play) : { vibe_matches: [], vibe: null };
  const { track, confidence, aligned_hashes, time_ratio, pitch_ratio } = play;
  return {
    request_id: '',
    query_duration_ms: 0,
    exact_matches: [
      {
        track,
        confidence,
        offset_seconds: play.offset_seconds - play.started * time_ratio,
        aligned_hashes,
        time_ratio,
        pitch_ratio,
        matched_seconds: [],
        also_offset_seconds: [],
        other_version: false
      }
    ],
    vibe_matches,
    vibe_query: vibe === 'ok' ? 'recording' : null,
    mode_used: mode,
    lanes: { exact: 'ok', vibe }
  };
}
