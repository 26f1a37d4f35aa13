import { LiveSocket, type LiveEvent, type LivePlay } from '$lib/audio/live';
import { Recorder } from '$lib/audio/recorder';
import { texts } from '$lib/texts';

const AGAIN_MS = 3000;
const MOST_PLAYS = 1000;

/** A track that was heard, or is being heard. */
export interface Heard {
  key: number;
  track: LivePlay['track'];
  confidence: number;
  began: Date;
  /** null while it plays. */
  ended: Date | null;
}

/** Listens as long as the tab does, and keeps what it hears. */
export class Listening {
  on = $state(false);
  problem = $state('');
  level = $state(0);
  /** Newest first. */
  plays = $state<Heard[]>([]);
  private recorder: Recorder | null = null;
  private socket: LiveSocket | null = null;
  private began = 0;
  private keys = 0;
  private again: ReturnType<typeof setTimeout> | undefined;
  /** The key of each play of the present connection, by its number. */
  private numbers = new Map<number, number>();

  async start(): Promise<void> {
    this.problem = '';
    this.on = true;
    try {
      const recorder = await Recorder.start((piece) => this.socket?.send(piece));
      if (!this.on) return void recorder.stop();
      this.recorder = recorder;
    } catch (error) {
      this.on = false;
      const name = error instanceof DOMException ? error.name : '';
      this.problem = name === 'NotFoundError' ? texts.identify.noMicrophone : texts.identify.denied;
      return;
    }
    this.began = Date.now();
    this.numbers.clear();
    this.socket = new LiveSocket(
      (event) => this.take(event),
      () => this.lost()
    );
  }

  stop(): void {
    this.on = false;
    clearTimeout(this.again);
    this.hangUp();
  }

  private hangUp(): void {
    this.socket?.close();
    this.socket = null;
    void this.recorder?.stop();
    this.recorder = null;
    this.level = 0;
    for (const play of this.plays) play.ended ??= new Date();
  }

  /** A new connection needs a new recording, since only its first piece says how to decode it. */
  private lost(): void {
    this.hangUp();
    this.problem = texts.listen.lost;
    this.again = setTimeout(() => void this.start(), AGAIN_MS);
  }

  private at(seconds: number): Date {
    return new Date(this.began + 1000 * seconds);
  }

  private take({ event, play, level_db, ended, retracted }: LiveEvent): void {
    if (event === 'level') this.level = Math.max(0, 1 + (level_db ?? -60) / 60);
    if (!play) return;
    if (event === 'match') this.numbers.set(play.number, (this.keys += 1));
    const key = this.numbers.get(play.number)!;
    const heard = {
      key,
      track: play.track,
      confidence: play.confidence,
      began: this.at(play.started),
      ended: ended === null ? null : this.at(ended)
    };
    const others = this.plays.filter((other) => other.key !== key);
    this.plays = (retracted ? others : [heard, ...others]).sort((a, b) => b.key - a.key).slice(0, MOST_PLAYS);
  }
}
