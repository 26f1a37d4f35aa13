/** Possible reasons why a clip was not found. */
export type Heard = 'music' | 'quiet' | 'speech' | 'short';

const FRAME_SECONDS = 0.02;
const SHORT_SECONDS = 5;
const QUIET_RMS = 0.003; // -50 dB relative to full scale
// Speech has pauses: many more of its 20 ms frames are below half of the mean around them than in music
// (Scheirer and Slaney 1997, "percentage of low-energy frames").
const SPEECH_LOW_FRAMES = 0.55;

function rms(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / Math.max(1, samples.length));
}

/** The share of frames that are quieter than half of the mean over the second around them. */
export function lowEnergyFrames(samples: Float32Array, rate: number): number {
  const size = Math.round(rate * FRAME_SECONDS);
  const frames: number[] = [];
  for (let at = 0; at + size <= samples.length; at += size) frames.push(rms(samples.subarray(at, at + size)));
  const second = Math.round(1 / FRAME_SECONDS);
  let low = 0;
  let counted = 0;
  for (let begin = 0; begin + second <= frames.length; begin += second) {
    const part = frames.slice(begin, begin + second);
    const mean = part.reduce((sum, value) => sum + value, 0) / second;
    low += part.filter((value) => value < mean / 2).length;
    counted += second;
  }
  return counted > 0 ? low / counted : 0;
}

export function heard(samples: Float32Array, rate: number): Heard {
  if (rms(samples) < QUIET_RMS) return 'quiet';
  if (samples.length < SHORT_SECONDS * rate) return 'short';
  return lowEnergyFrames(samples, rate) > SPEECH_LOW_FRAMES ? 'speech' : 'music';
}
