/** Records from the microphone and measures the level. */
export class Recorder {
  private chunks: Blob[] = [];
  private readonly began = performance.now();

  private constructor(
    private readonly stream: MediaStream,
    private readonly recorder: MediaRecorder,
    private readonly context: AudioContext,
    private readonly analyser: AnalyserNode,
    onPiece: ((piece: Blob) => void) | undefined,
    keeps: boolean
  ) {
    recorder.addEventListener('dataavailable', ({ data }) => {
      if (data.size === 0) return;
      if (keeps) this.chunks.push(data);
      onPiece?.(data);
    });
    recorder.start(250);
  }

  static isSupported(): boolean {
    return typeof MediaRecorder !== 'undefined' && !!navigator.mediaDevices?.getUserMedia;
  }

  /** `onPiece` gets the recording piece by piece; unless `keeps`, nothing else does. */
  static async start(onPiece?: (piece: Blob) => void, keeps = !onPiece): Promise<Recorder> {
    // Turn off processing for speech, because it spoils fingerprints of music.
    const audio = { echoCancellation: false, autoGainControl: false, noiseSuppression: false };
    const stream = await navigator.mediaDevices.getUserMedia({ audio });
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 2048 });
    context.createMediaStreamSource(stream).connect(analyser);
    const recorder = new MediaRecorder(stream, { audioBitsPerSecond: 96_000 });
    return new Recorder(stream, recorder, context, analyser, onPiece, keeps);
  }

  get seconds(): number {
    return (performance.now() - this.began) / 1000;
  }

  /** The level: 0 (-60 dB or less) to 1 (full scale). */
  get level(): number {
    const samples = new Float32Array(this.analyser.fftSize);
    this.analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    return Math.min(1, Math.max(0, 1 + (10 * Math.log10(power + 1e-12)) / 60));
  }

  /** The recording so far. */
  get clip(): Blob {
    return new Blob(this.chunks, { type: this.recorder.mimeType });
  }

  async stop(): Promise<Blob> {
    if (this.recorder.state !== 'inactive') {
      const ended = new Promise((resolve) => this.recorder.addEventListener('stop', resolve, { once: true }));
      this.recorder.stop();
      await ended;
    }
    for (const track of this.stream.getTracks()) track.stop();
    await this.context.close();
    return this.clip;
  }
}
