/** The part of a recording that is shown, in seconds of the recording. */
export interface View {
  begin: number;
  seconds: number;
}

const LEAST_SECONDS = 4;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];

export const whole = (duration: number): View => ({ begin: 0, seconds: Math.max(duration, LEAST_SECONDS) });

/** The nearest view inside the recording. */
export function clamp(view: View, duration: number): View {
  const most = whole(duration).seconds;
  const seconds = Math.min(most, Math.max(LEAST_SECONDS, view.seconds));
  return { begin: Math.min(most - seconds, Math.max(0, view.begin)), seconds };
}

/** Shows `factor` times as many seconds; the moment `at` stays where it is on the screen. */
export function zoom(view: View, duration: number, factor: number, at: number): View {
  const seconds = clamp({ begin: 0, seconds: view.seconds * factor }, duration).seconds;
  return clamp({ begin: at - ((at - view.begin) * seconds) / view.seconds, seconds }, duration);
}

export function pan(view: View, duration: number, seconds: number): View {
  return clamp({ begin: view.begin + seconds, seconds: view.seconds }, duration);
}

/** Moves only when the stretch is out of sight, and zooms in only when it would be too small to see. */
export function reveal(view: View, duration: number, start: number, end: number): View {
  const length = Math.max(1, end - start);
  const seconds = length < view.seconds / 40 ? Math.max(30, length * 8) : view.seconds;
  if (seconds === view.seconds && start >= view.begin && Math.min(end, start + seconds) <= view.begin + seconds)
    return view;
  const middle = length > seconds ? start + seconds / 2 - seconds / 10 : (start + end) / 2;
  return clamp({ begin: middle - seconds / 2, seconds }, duration);
}

/** Round moments for the labels of the time axis, at most `most` of them. */
export function ticks(view: View, most: number): number[] {
  const step = STEPS.find((one) => view.seconds / one <= most) ?? STEPS.at(-1)!;
  const list: number[] = [];
  for (let at = Math.ceil(view.begin / step) * step; at <= view.begin + view.seconds; at += step) list.push(at);
  return list;
}
