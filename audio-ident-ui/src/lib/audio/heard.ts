/** Why a clip may not have been found. */
export type Heard = 'music' | 'quiet' | 'speech' | 'short';

const FRAME_SECONDS = 0.02;
const SHORT_SECONDS = 5;
const QUIET_RMS = 0.003; // -50 dB of full scale
// Speech pauses: of its 20 ms frames, far more than of music's lie below half of the mean around them
// (Scheirer and Slaney 1997, "percentage of low-energy frames").
const SPEECH_LOW_FRAMES = 0.55;

function rms(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / Math.max(1, samples.length));
}

/** The part of the frames that are quieter than half of the mean of the second around them. */
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
