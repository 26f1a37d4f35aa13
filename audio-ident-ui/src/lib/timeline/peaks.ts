const FOLD = 4;

/** The peaks of a recording at several resolutions, so that drawing costs as much as there are pixels. */
export class Peaks {
  private readonly levels: Float32Array[] = [];
  private readonly loudest: number;

  constructor(
    peaks: number[],
    private readonly duration: number
  ) {
    this.levels.push(Float32Array.from(peaks));
    for (let last = this.levels[0]!; last.length > 2 * FOLD; last = this.levels.at(-1)!) {
      const next = new Float32Array(Math.ceil(last.length / FOLD));
      last.forEach((peak, i) => (next[Math.floor(i / FOLD)] = Math.max(next[Math.floor(i / FOLD)]!, peak)));
      this.levels.push(next);
    }
    this.loudest = Math.max(0.05, ...this.levels.at(-1)!);
  }

  /** The largest peak between two moments, relative to the loudest of the recording: 0 to 1. */
  between(begin: number, end: number): number {
    const full = this.levels[0]!.length;
    if (full === 0 || begin >= this.duration) return 0;
    const wide = ((end - begin) / this.duration) * full;
    const depth = Math.min(this.levels.length - 1, Math.max(0, Math.floor(Math.log2(wide / 2) / Math.log2(FOLD))));
    const level = this.levels[depth]!;
    const rate = full / FOLD ** depth / this.duration;
    let most = 0;
    const last = Math.min(level.length - 1, Math.max(Math.floor(begin * rate), Math.ceil(end * rate) - 1));
    for (let i = Math.max(0, Math.floor(begin * rate)); i <= last; i += 1) most = Math.max(most, level[i]!);
    return most / this.loudest;
  }
}
