import type { Monitor, Play, PlayPage } from '$lib/api/client';

/** The plays of a stretch of time, newest first, and how many the service says there are. */
export interface Log {
  plays: Play[];
  total: number;
}

/**
 * The log after its newest page came again: only new plays change, so the older ones that are known are kept. Null when
 * the two do not fit together, and all has to be read again.
 */
export function renew(log: Log, newest: PlayPage): Log | null {
  if (newest.total <= newest.items.length) return { plays: newest.items, total: newest.total };
  const oldest = newest.items.at(-1)!;
  const at = log.plays.findIndex(({ id }) => id === oldest.id);
  if (at < 0) return null;
  const older = log.plays.slice(at + 1);
  if (newest.items.length + older.length !== newest.total || older.some(({ final }) => !final)) return null;
  return { plays: [...newest.items, ...older], total: newest.total };
}

/** Reads a whole log, page by page. A play that moves to another page meanwhile is taken once. */
export async function readAll(page: (number: number) => Promise<PlayPage>): Promise<Log> {
  const plays = new Map<string, Play>();
  let total = 0;
  for (let number = 1, pages = 1; number <= pages; number += 1) {
    const part = await page(number);
    for (const play of part.items) plays.set(play.id, play);
    ({ total, pages } = part);
  }
  return { plays: [...plays.values()], total };
}

// The log follows the end of a play every 15 s, with windows of 10 s.
const FOLLOWS_MS = 30_000;

/** Whether the station is heard and plays it now; otherwise it is over. */
export function playsNow({ status, heard_at }: Monitor, play: Play): boolean {
  return status === 'listening' && !play.final && Date.parse(play.ended_at) > Date.parse(heard_at ?? '') - FOLLOWS_MS;
}

/** The latest play of each monitor, of plays that come newest first. */
export function latest(plays: Play[]): Map<string, Play> {
  const found = new Map<string, Play>();
  for (const play of plays) if (!found.has(play.monitor_id)) found.set(play.monitor_id, play);
  return found;
}
