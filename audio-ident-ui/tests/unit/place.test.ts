import { expect, test } from 'vitest';
import type { ExactMatch } from '../../src/lib/api/client';
import { placeText } from '../../src/lib/place';

const match = (offset_seconds: number | null, time_ratio = 1) =>
  ({ offset_seconds, time_ratio, track: { duration_seconds: 45.8 } }) as ExactMatch;

test('a clip from within a track is heard at a time of it', () => {
  expect(placeText(match(7.5))).toBe('Heard at 0:08 of 0:46');
  expect(placeText(match(-0.2))).toBe('Heard at 0:00 of 0:46');
});

test('a track that begins after the clip begins at a time of the clip', () => {
  expect(placeText(match(-3))).toBe('Begins 0:03 into your recording');
  expect(placeText(match(-6, 2))).toBe('Begins 0:03 into your recording');
});

test('nothing is said where the answer does not say it', () => {
  expect(placeText(match(null))).toBe('');
});
