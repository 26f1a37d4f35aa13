import type { SortOrder, TrackSort } from '$lib/api/client';

export interface Sorting {
  by: TrackSort;
  order: SortOrder;
}

export const columns: TrackSort[] = ['title', 'artist', 'album', 'duration', 'added'];

/** The service's default order: newest first, otherwise A to Z or shortest first. */
export const usual = (by: TrackSort): Sorting => ({ by, order: by === 'added' ? 'desc' : 'asc' });

/** The order after a click on a column: a new column in its default order, the same column reversed. */
export function choose(now: Sorting, by: TrackSort): Sorting {
  if (now.by !== by) return usual(by);
  return { by, order: now.order === 'asc' ? 'desc' : 'asc' };
}

/** Reads the order from the page's address. Missing parts have their defaults. */
export function read(query: URLSearchParams): Sorting {
  const by = columns.find((one) => one === query.get('sort')) ?? 'added';
  const order = query.get('order');
  return order === 'asc' || order === 'desc' ? { by, order } : usual(by);
}

export function write(query: URLSearchParams, sorting: Sorting): void {
  if (sorting.by !== 'added') query.set('sort', sorting.by);
  if (sorting.order !== usual(sorting.by).order) query.set('order', sorting.order);
}
