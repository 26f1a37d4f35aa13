import { client, data, reach, toError } from '$lib/api/client';
import { cut, decode, type Decoded } from './clip';

const SECONDS = 8;
const LONGEST_TRACK_SECONDS = 600;
const NOISE = 0.3; // relative to the music's amplitude

/** Adds white noise to a part of a recording. */
export function inNoise({ samples, rate }: Decoded, begin: number, seconds: number): Blob {
  const part = samples.slice(Math.round(begin * rate), Math.round((begin + seconds) * rate));
  const strength = Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, part.length));
  const noisy = part.map((sample) => sample + NOISE * strength * (2 * Math.random() - 1));
  return cut({ samples: noisy, rate, seconds }, 0, seconds);
}

/** A few noisy seconds of a track in the library, for users without music at hand; null when no track is suitable. */
export async function example(): Promise<Blob | null> {
  const { items } = await data(client.GET('/api/v1/tracks', { params: { query: { per_page: 50 } } }));
  const fit = items.filter(
    ({ duration_seconds }) => duration_seconds > 2 * SECONDS && duration_seconds < LONGEST_TRACK_SECONDS
  );
  const track = fit[Math.floor(Math.random() * fit.length)];
  if (!track) return null;
  // Request Opus, which every browser can decode.
  const answer = await reach(new Request(`/api/v1/tracks/${track.id}/audio?as=opus`));
  if (!answer.ok) throw toError(await answer.json(), answer.status);
  const whole = await decode(await answer.blob());
  return whole && inNoise(whole, Math.random() * (whole.seconds - SECONDS), SECONDS);
}
