// A day is a text like 2026-11-28, and means that day where the viewer is.

const two = (value: number) => String(value).padStart(2, '0');

export function dayOf(time: Date): string {
  return `${String(time.getFullYear()).padStart(4, '0')}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}

/** When the day begins, which is not 24 hours before the next one when clocks are changed. */
export function startOf(day: string): Date {
  const [year, month, date] = day.split('-').map(Number);
  return new Date(year!, month! - 1, date!);
}

export function shift(day: string, days: number): string {
  const start = startOf(day);
  return dayOf(new Date(start.getFullYear(), start.getMonth(), start.getDate() + days));
}

export function isDay(text: string | null): text is string {
  return text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text) && dayOf(startOf(text)) === text;
}

export const secondsIn = (day: string) => (startOf(shift(day, 1)).getTime() - startOf(day).getTime()) / 1000;

/** A time as the API takes it: in UTC, to the second. */
export const toSecond = (time: Date) => `${time.toISOString().slice(0, 19)}Z`;

/** The moment that an address names; null when it names none. */
export function momentIn(text: string | null): Date | null {
  const time = new Date(text ?? NaN);
  return text !== null && /^\d{4}-\d{2}-\d{2}T/.test(text) && !Number.isNaN(time.getTime()) ? time : null;
}

/** Where the page shows a station's day at a moment. */
export const momentLink = (monitorId: string, iso: string) => `/monitors/${monitorId}?at=${toSecond(new Date(iso))}`;

/** `days` days, the last of which is `day`, as the API takes them. */
export function spanTo(day: string, days: number): { from: string; to: string } {
  return { from: toSecond(startOf(shift(day, 1 - days))), to: toSecond(startOf(shift(day, 1))) };
}

export const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** "12:03:15", or without seconds "12:03". */
export function timeText(time: Date, seconds: 'with seconds' | 'to the minute' = 'with seconds'): string {
  const minute = `${two(time.getHours())}:${two(time.getMinutes())}`;
  return seconds === 'with seconds' ? `${minute}:${two(time.getSeconds())}` : minute;
}

export function dateText(day: string): string {
  return startOf(day).toLocaleDateString('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric'
  });
}

/** A time, with its date when that is not `day`, and with its year when that is not the day's. */
export function momentText(iso: string, day: string, seconds?: 'with seconds' | 'to the minute'): string {
  const time = new Date(iso);
  if (dayOf(time) === day) return timeText(time, seconds);
  const year = dayOf(time).slice(0, 4) === day.slice(0, 4) ? undefined : 'numeric';
  return `${time.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year })}, ${timeText(time, seconds)}`;
}
