import type { ExactMatch } from '$lib/api/client';
import { clock } from '$lib/format';
import { texts } from '$lib/texts';

/** Where the clip and the track coincide, as a person would say it. Empty when the answer does not say where. */
export function placeText(match: ExactMatch): string {
  if (match.offset_seconds === null) return '';
  // Below half a second a clock shows 0:00.
  const begins = -match.offset_seconds / match.time_ratio;
  if (begins >= 0.5) return texts.answer.begins(clock(begins));
  return texts.answer.at(clock(match.offset_seconds), clock(match.track.duration_seconds));
}
