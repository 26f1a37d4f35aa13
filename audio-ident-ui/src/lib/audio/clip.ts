const RATE = 16_000;

export interface Decoded {
  samples: Float32Array;
  rate: number;
  seconds: number;
}

/** Decodes to mono at 16 kHz; null when the browser cannot read the format. */
export async function decode(clip: Blob): Promise<Decoded | null> {
  try {
    const context = new OfflineAudioContext(1, 1, RATE);
    const audio = await context.decodeAudioData(await clip.arrayBuffer());
    const samples = new Float32Array(audio.length);
    for (let channel = 0; channel < audio.numberOfChannels; channel += 1) {
      const part = audio.getChannelData(channel);
      for (let i = 0; i < part.length; i += 1) samples[i]! += part[i]! / audio.numberOfChannels;
    }
    return { samples, rate: audio.sampleRate, seconds: audio.duration };
  } catch {
    return null;
  }
}

/** The length that the file states, without decoding it; null when the browser cannot read it or it states none. */
export function lengthOf(file: Blob): Promise<number | null> {
  return new Promise((resolve) => {
    const audio = new Audio();
    const url = URL.createObjectURL(file);
    const end = (seconds: number | null) => {
      URL.revokeObjectURL(url);
      resolve(seconds);
    };
    audio.onloadedmetadata = () => end(Number.isFinite(audio.duration) ? audio.duration : null);
    audio.onerror = () => end(null);
    audio.preload = 'metadata';
    audio.src = url;
  });
}

/** The peak amplitude of each of `count` equal parts. */
export function peaks(samples: Float32Array, count: number): number[] {
  return Array.from({ length: Math.min(count, samples.length) }, (_, i) => {
    const begin = Math.floor((i * samples.length) / count);
    const end = Math.floor(((i + 1) * samples.length) / count);
    let peak = 0;
    for (let at = begin; at < end; at += 1) peak = Math.max(peak, Math.abs(samples[at]!));
    return peak;
  });
}

/** Encodes a part of a clip as a 16-bit WAV file. */
export function cut({ samples, rate }: Decoded, begin: number, seconds: number): Blob {
  const part = samples.subarray(Math.round(begin * rate), Math.round((begin + seconds) * rate));
  const file = new DataView(new ArrayBuffer(44 + 2 * part.length));
  const text = (at: number, word: string) =>
    [...word].forEach((letter, i) => file.setUint8(at + i, letter.charCodeAt(0)));
  text(0, 'RIFF');
  file.setUint32(4, 36 + 2 * part.length, true);
  text(8, 'WAVEfmt ');
  file.setUint32(16, 16, true);
  file.setUint16(20, 1, true); // PCM
  file.setUint16(22, 1, true); // mono
  file.setUint32(24, rate, true);
  file.setUint32(28, 2 * rate, true);
  file.setUint16(32, 2, true);
  file.setUint16(34, 16, true);
  text(36, 'data');
  file.setUint32(40, 2 * part.length, true);
  part.forEach((sample, i) => file.setInt16(44 + 2 * i, Math.max(-1, Math.min(1, sample)) * 32767, true));
  return new Blob([file.buffer], { type: 'audio/wav' });
}
