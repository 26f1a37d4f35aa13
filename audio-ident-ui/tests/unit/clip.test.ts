import { describe, expect, it } from 'vitest';
import { cut, peaks } from '../../src/lib/audio/clip';

const decoded = { samples: Float32Array.from([0, 0.5, -1, 2, 0.25, 0, 0, 0]), rate: 4, seconds: 2 };

describe('a clip', () => {
  it('is cut to a WAV of the part, clipped to full scale', async () => {
    const wav = new DataView(await cut(decoded, 0.25, 1).arrayBuffer());
    expect(wav.byteLength).toBe(44 + 8);
    expect(wav.getUint32(24, true)).toBe(4);
    expect(wav.getUint32(40, true)).toBe(8);
    expect([0, 1, 2, 3].map((i) => wav.getInt16(44 + 2 * i, true))).toEqual([16383, -32767, 32767, 8191]);
  });
  it('has one peak a part, whatever its sign', () => {
    expect(peaks(decoded.samples, 2)).toEqual([2, 0.25]);
    expect(peaks(decoded.samples, 100)).toHaveLength(8);
  });
});
