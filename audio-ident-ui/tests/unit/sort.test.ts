import { expect, test } from 'vitest';
import { choose, read, usual, write, type Sorting } from '../../src/lib/sort';

test('a column is chosen in its usual order, and chosen again the other way round', () => {
  const byTitle = choose(usual('added'), 'title');
  expect(byTitle).toEqual({ by: 'title', order: 'asc' });
  expect(choose(byTitle, 'title')).toEqual({ by: 'title', order: 'desc' });
  expect(choose(byTitle, 'added')).toEqual({ by: 'added', order: 'desc' });
});

test('the address says how it is sorted, and nothing of what is usual', () => {
  const address = (sorting: Sorting) => {
    const query = new URLSearchParams();
    write(query, sorting);
    return query.toString();
  };
  expect(address(usual('added'))).toBe('');
  expect(address(usual('artist'))).toBe('sort=artist');
  for (const by of ['title', 'duration', 'added'] as const) {
    for (const order of ['asc', 'desc'] as const)
      expect(read(new URLSearchParams(address({ by, order })))).toEqual({ by, order });
  }
  expect(read(new URLSearchParams('sort=loudness&order=up'))).toEqual(usual('added'));
});
