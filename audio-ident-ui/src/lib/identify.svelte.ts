import {
  ApiError,
  search,
  searchStations,
  type SearchMode,
  type SearchResponse,
  type StationMatch
} from '$lib/api/client';
import { cut, decode, lengthOf, type Decoded } from '$lib/audio/clip';
import { example } from '$lib/audio/example';
import { heard, type Heard } from '$lib/audio/heard';
import { LiveSocket, type LivePlay } from '$lib/audio/live';
import { Recorder } from '$lib/audio/recorder';
import { add, entryOf } from '$lib/history';
import { liveAnswer } from '$lib/live_answer';
import { texts } from '$lib/texts';

const LEAST_SECONDS = 3.6;
const MOST_SECONDS = 15;
const FIRST_LOOK_SECONDS = 5;
const LOOK_EVERY_SECONDS = 2.5;
const SURE = 0.97;
const LONG_SECONDS = 60;
const MOST_BYTES = 10 * 2 ** 20; // the service's limit
const MOST_CLIP_SECONDS = 600; // the service's limit
const SURELY_SHORT_BYTES = 2 ** 20;
const MOST_TO_DECODE_SECONDS = 3600; // an hour takes 500 MB of memory
export const PART_SECONDS = 15;

export interface Answer {
  response: SearchResponse;
  clip: Blob;
  seconds: number | null;
  heard: Heard;
}

/** Which stations played the clip. */
export interface StationAnswer {
  matches: StationMatch[];
  /** When the stations were asked. */
  asked: Date;
  clip: Blob;
  heard: Heard;
}

/** What is looked for: in the library, or in what the stations played. */
export type Mode = SearchMode | 'stations';

/** What is known of a clip before it is searched. */
interface Known {
  decoded?: Decoded | null;
  play?: LivePlay | null;
}

type Phase = 'idle' | 'asking' | 'recording' | 'searching' | 'trimming' | 'offer' | 'answer' | 'problem';

/** What the service hears while the recording is made. Where no WebSocket can be opened, the upload decides. */
class Live {
  play: LivePlay | null = null;
  failed = false;
  readonly socket = new LiveSocket(
    ({ event, play }) => {
      if (event === 'match') this.play = play;
    },
    () => (this.failed = true)
  );
}

const heardIn = (decoded: Decoded | null) => (decoded ? heard(decoded.samples, decoded.rate) : 'music');

const messageOf = (error: unknown) => (error instanceof ApiError ? error.message : texts.errors.OTHER!);

/** The steps from a clip to its answer, as the start page shows them. */
export class Identification {
  phase = $state<Phase>('idle');
  /** What the user chose to look for. */
  mode = $state<Mode>('both');
  /** What is looked for now. */
  looksFor = $state<Mode>('both');
  level = $state(0);
  seconds = $state(0);
  stopping = $state(false);
  answer = $state.raw<Answer | null>(null);
  stations = $state.raw<StationAnswer | null>(null);
  problem = $state('');
  long = $state.raw<Decoded | null>(null);
  /** A file that is too long for a clip, and its length where it is known: a timeline may be made of it. */
  recording = $state.raw<{ file: File; seconds: number | null } | null>(null);
  /** The service refused `recording` as a clip. */
  tooLong = $state(false);
  private recorder: Recorder | null = null;
  private stopAsked = false;
  private attempt = 0;

  async record(): Promise<void> {
    const attempt = this.begin('asking');
    this.stopAsked = false;
    this.stopping = false;
    const live = this.looksFor === 'vibe' || this.looksFor === 'stations' ? null : new Live();
    try {
      this.recorder = await Recorder.start((piece) => live?.socket.send(piece), true);
    } catch (error) {
      live?.socket.close();
      const name = error instanceof DOMException ? error.name : '';
      return this.fail(name === 'NotFoundError' ? texts.identify.noMicrophone : texts.identify.denied);
    }
    this.phase = 'recording';
    await this.listen(attempt, this.recorder, live);
    live?.socket.close();
    const clip = await this.recorder.stop();
    this.recorder = null;
    this.level = 0;
    if (attempt === this.attempt) await this.find(clip, attempt, { play: live?.play });
  }

  /** Until the service has recognised it, the button is released, or there is enough for a search. */
  private async listen(attempt: number, recorder: Recorder, live: Live | null): Promise<void> {
    let nextLook = FIRST_LOOK_SECONDS;
    let sure = false;
    while (attempt === this.attempt) {
      this.level = recorder.level;
      this.seconds = recorder.seconds;
      if (live?.play || sure || this.seconds >= MOST_SECONDS) return;
      if (this.stopAsked && this.seconds >= LEAST_SECONDS) return;
      if ((live?.failed || this.looksFor === 'stations') && this.seconds >= nextLook) {
        nextLook = Infinity;
        void this.look(recorder.clip).then((found) => {
          sure = found;
          nextLook = this.seconds + LOOK_EVERY_SECONDS;
        });
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Ends the recording when it is long enough. */
  stop(): void {
    this.stopAsked = true;
    this.stopping = true;
  }

  async identify(file: File): Promise<void> {
    const attempt = this.begin('searching');
    const stated = file.size > SURELY_SHORT_BYTES ? await lengthOf(file) : null;
    if (attempt !== this.attempt) return;
    if (stated !== null && stated > MOST_CLIP_SECONDS) {
      this.recording = { file, seconds: stated };
      this.phase = 'offer';
    } else await this.decodeAndFind(file, attempt);
  }

  /** Whether the browser can cut a part out of the recording. */
  get canCut(): boolean {
    return (this.recording?.seconds ?? Infinity) <= MOST_TO_DECODE_SECONDS;
  }

  /** Goes on to the choice of a part of the recording. */
  async choosePart(): Promise<void> {
    const { file } = this.recording!;
    await this.decodeAndFind(file, this.begin('searching'));
  }

  private async decodeAndFind(file: File, attempt: number): Promise<void> {
    const decoded = await decode(file);
    if (attempt !== this.attempt) return;
    if (!decoded || decoded.seconds > LONG_SECONDS) this.recording = { file, seconds: decoded?.seconds ?? null };
    if (decoded && decoded.seconds > LONG_SECONDS) {
      this.long = decoded;
      this.phase = 'trimming';
      return;
    }
    const clip = decoded && file.size > MOST_BYTES ? cut(decoded, 0, decoded.seconds) : file;
    await this.find(clip, attempt, { decoded });
  }

  async identifyPart(beginSeconds: number): Promise<void> {
    if (!this.long) return;
    const part = cut(this.long, beginSeconds, PART_SECONDS);
    await this.find(part, this.begin('searching'));
  }

  /** Searches a noisy part of a track in the library. */
  async tryExample(): Promise<void> {
    const attempt = this.begin('searching');
    try {
      const clip = await example();
      if (attempt !== this.attempt) return;
      if (clip) await this.find(clip, attempt);
      else this.fail(texts.identify.noExample);
    } catch (error) {
      if (attempt === this.attempt) this.fail(messageOf(error));
    }
  }

  /** Asks the stations for the clip of the answer that is shown. */
  async askStations(): Promise<void> {
    const clip = (this.answer ?? this.stations)?.clip;
    if (!clip) return;
    await this.find(clip, this.begin('searching', 'stations'));
  }

  reset(): void {
    this.begin('idle');
  }

  private begin(phase: Phase, looksFor = this.mode): number {
    this.phase = phase;
    this.looksFor = looksFor;
    this.seconds = 0;
    this.answer = null;
    this.stations = null;
    this.long = null;
    this.recording = null;
    this.tooLong = false;
    this.attempt += 1;
    return this.attempt;
  }

  private fail(problem: string): void {
    this.problem = problem;
    this.phase = 'problem';
  }

  /** Whether the recording so far is identified with certainty. */
  private async look(clip: Blob): Promise<boolean> {
    try {
      const found =
        this.looksFor === 'stations' ? await searchStations(clip) : (await search(clip, 'exact')).exact_matches;
      return (found[0]?.confidence ?? 0) >= SURE;
    } catch {
      return false; // The whole recording will be searched anyway.
    }
  }

  private async find(clip: Blob, attempt: number, known: Known = {}): Promise<void> {
    this.phase = 'searching';
    const mode = this.looksFor;
    try {
      const decoding = known.decoded ?? decode(clip);
      if (mode === 'stations') {
        const [matches, decoded] = await Promise.all([searchStations(clip), decoding]);
        if (attempt !== this.attempt) return;
        this.stations = { matches, asked: new Date(), clip, heard: heardIn(decoded) };
      } else {
        const answer = known.play ? liveAnswer(known.play, mode) : search(clip, mode);
        const [response, decoded] = await Promise.all([answer, decoding]);
        if (attempt !== this.attempt) return;
        this.answer = { response, clip, seconds: decoded?.seconds ?? null, heard: heardIn(decoded) };
        add(localStorage, entryOf(response));
      }
      this.phase = 'answer';
    } catch (error) {
      if (attempt !== this.attempt) return;
      this.tooLong = error instanceof ApiError && ['FILE_TOO_LARGE', 'AUDIO_TOO_LONG'].includes(error.code);
      this.fail(messageOf(error));
    }
  }
}
