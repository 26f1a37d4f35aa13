import { reach, type VibeMatch } from './client';

/** Tracks that sound like this one; null where the service has no such search. */
export async function similar(id: string): Promise<VibeMatch[] | null> {
  const answer = await reach(new Request(`/api/v1/tracks/${id}/similar`));
  if (!answer.ok) return null;
  return ((await answer.json()) as { vibe_matches: VibeMatch[] }).vibe_matches;
}
