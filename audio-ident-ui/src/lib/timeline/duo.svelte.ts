import { momentOf, placeAt, speedAt, type Line } from './line';

export type Hears = 'recording' | 'both' | 'track';

// Below the first, the track's speed is bent a little; above the second, the track jumps.
const IN_STEP_SECONDS = 0.015;
const JUMP_SECONDS = 0.3;
const MOST_BEND = 0.05;

/** The recording and a track, played in step. The recording leads, where there is one. */
export class Duo {
  playing = $state(false);
  /** In the recording, in seconds. */
  time = $state(0);
  hears = $state<Hears>('both');
  mute = $state(false);
  recordingBroken = $state(false);
  trackBroken = $state(false);
  private line = $state.raw<Line | null>(null);
  private frame = 0;

  /** The elements are given once they are there. `leads` is false when the recording's audio is gone. */
  recording: HTMLAudioElement | undefined;
  track: HTMLAudioElement | undefined;
  leads = $state(true);

  /** What the user hears: what cannot be played is not chosen. */
  get heard(): Hears {
    if (!this.canRecording) return 'track';
    return this.canTrack ? this.hears : 'recording';
  }
  get canRecording(): boolean {
    return this.leads && !this.recordingBroken;
  }
  get canTrack(): boolean {
    return this.line !== null && !this.trackBroken;
  }

  /** Takes another stretch, and its track if it has one. Playback goes on when it is inside the stretch already. */
  take(line: Line | null, start: number, end: number): void {
    this.line = line;
    if (line !== null) this.trackBroken = false;
    if (this.time < start || this.time >= end) this.seek(start);
    else this.keepStep(true);
  }

  seek(time: number): void {
    this.time = Math.max(0, time);
    if (this.canRecording && this.recording) this.recording.currentTime = this.time;
    this.keepStep(true);
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  play(): void {
    this.setMuted();
    if (this.canRecording && this.recording) {
      if (Math.abs(this.recording.currentTime - this.time) > 0.5) this.recording.currentTime = this.time;
      // Refused when another file is loaded in between, or when it cannot be played: the error event tells.
      void this.recording.play().catch(() => undefined);
    } else if (!this.canTrack) return;
    this.playing = true;
    this.keepStep(true);
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(this.follow);
  }

  pause(): void {
    this.playing = false;
    cancelAnimationFrame(this.frame);
    this.recording?.pause();
    this.track?.pause();
  }

  listenTo(hears: Hears): void {
    this.hears = hears;
    this.setMuted();
  }

  setMute(mute: boolean): void {
    this.mute = mute;
    this.setMuted();
  }

  private setMuted(): void {
    if (this.recording) this.recording.muted = this.mute || this.heard === 'track';
    if (this.track) this.track.muted = this.mute || this.heard === 'recording';
  }

  private follow = (): void => {
    if (!this.playing) return;
    if (this.canRecording && this.recording) {
      if (this.recording.ended) return this.pause();
      if (!this.recording.seeking) this.time = this.recording.currentTime;
    } else if (this.line && this.track) {
      if (this.track.ended) return this.pause();
      this.time = momentOf(this.line, this.track.currentTime);
      if (this.time > this.line.end) return this.pause();
    }
    this.keepStep(false);
    this.frame = requestAnimationFrame(this.follow);
  };

  /** Holds the track at the place that the recording is at. */
  private keepStep(jump: boolean): void {
    const { line, track } = this;
    if (!track) return;
    const place = line ? placeAt(line, this.time) : -1;
    const here = line && this.canTrack && this.time >= line.start - 0.1 && this.time < line.end && place >= 0;
    if (!here || place > (track.duration || Infinity)) return track.pause();
    const speed = speedAt(line, this.time);
    const away = track.currentTime - place;
    if (jump || (this.canRecording && Math.abs(away) > JUMP_SECONDS && !track.seeking)) track.currentTime = place;
    track.preservesPitch = line.keepsPitch;
    const bend =
      this.canRecording && Math.abs(away) > IN_STEP_SECONDS ? Math.max(-MOST_BEND, Math.min(MOST_BEND, away)) : 0;
    track.playbackRate = Math.min(4, Math.max(0.25, speed * (1 - bend)));
    if (this.playing && track.paused) {
      this.setMuted();
      void track.play().catch(() => undefined);
    }
  }
}
