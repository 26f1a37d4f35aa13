import type { TimelineCandidate, TimelineEntry } from '$lib/api/client';

interface End {
  offset: number;
  ratio: number;
}
/** Where in a track each moment of a stretch of the recording is. Times are in seconds. */
export interface Line {
  start: number;
  end: number;
  first: End;
  last: End;
  /** The track is heard at its own pitch, though not at its own speed. */
  keepsPitch: boolean;
}

export function lineOf({ start, end, first, last }: TimelineEntry): Line {
  return {
    start,
    end,
    first: { offset: first.offset_seconds, ratio: first.time_ratio },
    last: { offset: last.offset_seconds, ratio: last.time_ratio },
    keepsPitch: Math.abs(first.pitch_ratio - 1) < Math.abs(first.pitch_ratio - first.time_ratio)
  };
}

/** The line of another candidate. Only its beginning is known; its speed is taken from the entry. */
export function lineOfCandidate(entry: TimelineEntry, { offset_seconds }: TimelineCandidate): Line {
  const line = lineOf(entry);
  const shift = offset_seconds - line.first.offset;
  const moved = ({ offset, ratio }: End) => ({ offset: offset + shift, ratio });
  return { ...line, first: moved(line.first), last: moved(line.last) };
}

/** The place in the track: a cubic through both ends that has the right speed at both. */
export function placeAt({ start, end, first, last }: Line, time: number): number {
  const length = end - start;
  if (length <= 0 || time <= start) return first.offset + (time - start) * first.ratio;
  if (time >= end) return last.offset + (time - end) * last.ratio;
  const t = (time - start) / length;
  const u = 1 - t;
  return (
    u * u * (1 + 2 * t) * first.offset +
    t * u * u * length * first.ratio +
    t * t * (1 + 2 * u) * last.offset -
    t * t * u * length * last.ratio
  );
}

/** Seconds of the track a second of the recording. */
export function speedAt(line: Line, time: number): number {
  return placeAt(line, time + 0.5) - placeAt(line, time - 0.5);
}

/** The moment of the recording in which a place of the track is heard: good to see, not to play by. */
export function momentOf(line: Line, place: number): number {
  const { start, end, first, last } = line;
  const mean = end > start ? (last.offset - first.offset) / (end - start) : first.ratio;
  return start + (place - first.offset) / (mean > 0.1 ? mean : 1);
}
