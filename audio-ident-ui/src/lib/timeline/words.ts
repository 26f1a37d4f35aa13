import { clock, percent } from '$lib/format';
import { texts } from '$lib/texts';
import type { TimelineEntry } from '$lib/api/client';
import type { Item } from './items';

export const span = ({ start, end }: { start: number; end: number }) => `${clock(start)} – ${clock(end)}`;

export function titleOf(item: Item): string {
  if (item.kind === 'entry') return item.entry.track.title;
  return item.gap.name ?? (item.gap.kind === 'silence' ? texts.timeline.silence : texts.timeline.unknown);
}

/** What a person who does not see the canvas is told of a stretch. */
export function itemText(item: Item): string {
  const words =
    item.kind === 'entry'
      ? [item.entry.track.artist ?? texts.unknownArtist, `${percent(item.entry.confidence)} %`]
      : [timesText(item.gap.times_heard)];
  const verdict = item.kind === 'entry' && item.entry.verdict ? [texts.timeline.verdicts[item.entry.verdict]] : [];
  return [titleOf(item), ...words, span(item), ...verdict].filter(Boolean).join(', ');
}

export const timesText = (times: number | null) => ((times ?? 1) > 1 ? texts.timeline.heardTimes(times!) : '');

/** "3 % faster, at its own pitch"; empty at the track's own speed. */
export function speedText({ first, last }: Pick<TimelineEntry, 'first' | 'last'>): string {
  const [one, two] = [first.time_ratio, last.time_ratio].map((ratio) => Math.round((ratio - 1) * 1000) / 10);
  if (Math.abs(one!) < 0.3 && Math.abs(two!) < 0.3) return '';
  const word = (value: number) => (value >= 0 ? texts.timeline.faster(value) : texts.timeline.slower(-value));
  const speed = Math.abs(one! - two!) < 0.5 ? word((one! + two!) / 2) : texts.timeline.fromTo(word(one!), word(two!));
  const own = Math.abs(first.pitch_ratio - 1) < 0.003 && Math.abs(first.time_ratio - 1) > 0.01;
  return own ? `${speed}, ${texts.timeline.ownPitch}` : speed;
}
