import { describe, expect, it } from 'vitest';
import { heard } from '../../src/lib/audio/heard';

const RATE = 16_000;

function sound(seconds: number, loudness: (time: number) => number): Float32Array {
  return Float32Array.from(
    { length: seconds * RATE },
    (_, i) => loudness(i / RATE) * Math.sin((2 * Math.PI * 440 * i) / RATE)
  );
}

describe('what was heard', () => {
  it('is quiet below -50 dB', () => {
    expect(
      heard(
        sound(8, () => 0.001),
        RATE
      )
    ).toBe('quiet');
    expect(heard(new Float32Array(8 * RATE), RATE)).toBe('quiet');
  });
  it('is short under five seconds', () => {
    expect(
      heard(
        sound(4, () => 0.3),
        RATE
      )
    ).toBe('short');
  });
  it('is speech where syllables stand between pauses', () => {
    expect(
      heard(
        sound(8, (time) => (time % 0.4 < 0.12 ? 0.5 : 0.01)),
        RATE
      )
    ).toBe('speech');
  });
  it('is music where the level holds', () => {
    expect(
      heard(
        sound(8, (time) => 0.4 + 0.15 * Math.sin(12 * time)),
        RATE
      )
    ).toBe('music');
  });
});
