import type { SortOrder, TrackSort } from '$lib/api/client';

export interface Sorting {
  by: TrackSort;
  order: SortOrder;
}

export const columns: TrackSort[] = ['title', 'artist', 'album', 'duration', 'added'];

/** As the service does without a wish: the newest first, all else from A to Z or the shortest first. */
export const usual = (by: TrackSort): Sorting => ({ by, order: by === 'added' ? 'desc' : 'asc' });

/** What choosing a column makes of it: another column in its usual order, the same one the other way round. */
export function choose(now: Sorting, by: TrackSort): Sorting {
  if (now.by !== by) return usual(by);
  return { by, order: now.order === 'asc' ? 'desc' : 'asc' };
}

/** From the address of the page; what it does not say is as usual. */
export function read(query: URLSearchParams): Sorting {
  const by = columns.find((one) => one === query.get('sort')) ?? 'added';
  const order = query.get('order');
  return order === 'asc' || order === 'desc' ? { by, order } : usual(by);
}

export function write(query: URLSearchParams, sorting: Sorting): void {
  if (sorting.by !== 'added') query.set('sort', sorting.by);
  if (sorting.order !== usual(sorting.by).order) query.set('order', sorting.order);
}
