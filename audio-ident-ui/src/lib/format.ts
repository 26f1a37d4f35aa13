export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  const two = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** The seconds of "1:02:03", "2:03" or "3"; NaN when it is nothing of the kind. */
export function secondsOf(text: string): number {
  if (!/^\s*\d+(:\d{1,2}){0,2}(\.\d+)?\s*$/.test(text)) return NaN;
  return text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}

export function percent(part: number): number {
  // 99.6 % is not yet 100 %.
  return part >= 1 ? 100 : Math.min(99, Math.max(0, Math.round(part * 100)));
}

export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let unit = 0;
  while (count >= 1000 && unit < units.length - 1) {
    count /= 1000;
    unit += 1;
  }
  return `${count < 10 && unit > 0 ? count.toFixed(1) : Math.round(count)} ${units[unit]}`;
}

export function day(iso: string): string {
  return new Date(iso).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
}
