import { ApiError, type Monitor, type Outage, type Play, type Sound, type SoundPlay } from '$lib/api/client';
import { clock, percent } from '$lib/format';
import { texts } from '$lib/texts';
import { speedText } from '$lib/timeline/words';
import type { LogBlock } from './blocks';
import { dayOf, momentText } from './days';

const secondsOf = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 1000;

export const lengthOf = ({ started_at, ended_at }: SoundPlay) => secondsOf(started_at, ended_at);

export function isUnsure({ confidence }: Play): boolean {
  return confidence < 0.9;
}

/** What a person who knows the title may still want to know of a play. */
export function factsOf(play: Play): string[] {
  const ends = { offset_seconds: 0, time_ratio: play.speed, pitch_ratio: play.pitch };
  const missed = play.gaps.reduce((sum, { from, to }) => sum + secondsOf(from, to), 0);
  return [
    texts.timeline.place(clock(play.place_seconds), clock(play.end_place_seconds)),
    speedText({ first: ends, last: ends }),
    play.gaps.length > 0 && texts.monitor.gaps(play.gaps.length, clock(missed)),
    !play.final && texts.monitor.notFinal
  ].filter((text): text is string => Boolean(text));
}

/** What the station said that it plays, where that is not the play's title. */
export function otherHint({ hint, title }: Play): string | null {
  return hint && !hint.toLowerCase().includes(title.toLowerCase()) ? hint : null;
}

export function outageLength({ started_at, ended_at }: Outage): string {
  return ended_at === null ? texts.monitor.goesOn : clock(secondsOf(started_at, ended_at));
}

/** What a person who does not see the day is told of a stretch. */
export function blockText(block: LogBlock, day: string): string {
  if (block.kind === 'gap')
    return [
      texts.monitor.outage,
      momentText(block.outage.started_at, day),
      outageLength(block.outage),
      block.outage.reason
    ].join(', ');
  const { title, artist, confidence, started_at } = block.play;
  const sure = `${percent(confidence)} %`;
  return [title, artist ?? texts.unknownArtist, momentText(started_at, day), clock(lengthOf(block.play)), sure].join(
    ', '
  );
}

/** "since 12:03"; with its date when that is not today. */
export const sinceText = (iso: string, now: Date) => texts.monitors.since(momentText(iso, dayOf(now), 'to the minute'));

/** How long ago something ended. Empty where it lies ahead: a file may be heard faster than it plays. */
export function agoText(seconds: number): string {
  if (seconds < 0) return '';
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return texts.stations.ago(`${Math.floor(seconds)} s`);
  if (minutes < 60) return texts.stations.ago(`${minutes} min`);
  return texts.stations.ago(`${Math.floor(minutes / 60)} h ${minutes % 60} min`);
}

/** What is known of an unknown sound beside its name; `kept`: its track's name stands there instead. */
export function soundText({ number, plays, seconds }: Sound, kept: boolean): string {
  return [kept && texts.sounds.kept(texts.sounds.name(number)), texts.monitor.plays(plays), clock(seconds)]
    .filter(Boolean)
    .join(' · ');
}

/** When an unknown sound was heard first and last. */
export function heardText({ first_heard_at, last_heard_at }: Sound, today: string): string {
  const [first, last] = [first_heard_at, last_heard_at].map((iso) => momentText(iso, today, 'to the minute'));
  return texts.sounds.heard(first!, last!);
}

/** The source without what makes it long. */
export function sourceText({ source }: Monitor): string {
  return source.replace(/^https?:\/\//, '').replace(/^file:\/\//, '');
}

export type Field = 'name' | 'source' | null;

/** The field of the form for a new monitor that an error is about; null when it is about none of them. */
export function fieldOf(error: Error): Field {
  if (!(error instanceof ApiError)) return null;
  if (error.code === 'FILE_NOT_FOUND') return 'source';
  if (error.code === 'FORBIDDEN') return 'source';
  if (error.code !== 'VALIDATION_ERROR') return null;
  if (/^(name |the name |a monitor needs a name|there is a monitor )/.test(error.detail)) return 'name';
  return /^(source |the source )| is not a source;/.test(error.detail) ? 'source' : null;
}

/** What the service says about a field, as a sentence. */
export function problemOf(error: Error): string {
  const detail = error instanceof ApiError ? error.detail : '';
  if (!detail) return error.message;
  const sentence = `${detail[0]!.toUpperCase()}${detail.slice(1)}`;
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
