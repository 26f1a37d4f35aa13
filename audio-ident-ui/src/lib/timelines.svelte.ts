import { goto } from '$app/navigation';
import { client, data, done, formOf, send, withKey, type TimelineJob, type Verdict } from '$lib/api/client';

const RATE_MS = 20_000;

export const isOver = ({ status }: { status: TimelineJob['status'] }) =>
  status === 'finished' || status === 'cancelled' || status === 'failed';

/** One timeline, followed while it is made. */
export class TimelineTask {
  job = $state.raw<TimelineJob | null>(null);
  failure = $state.raw<Error | null>(null);
  /** Seconds of the recording a second, measured over the last events; 0 while unknown. */
  rate = $state(0);
  private stream: EventSource | null = null;
  private marks: { at: number; heard: number }[] = [];

  constructor(readonly id: string) {}

  private get path() {
    return { params: { path: { id: this.id } } };
  }

  async load(): Promise<void> {
    this.failure = null;
    try {
      this.put(await data(client.GET('/api/v1/timelines/{id}', this.path)));
      if (this.job && !isOver(this.job)) this.follow();
    } catch (error) {
      this.failure = error as Error;
    }
  }

  close(): void {
    this.stream?.close();
    this.stream = null;
  }

  /** Only a finished timeline can be judged, and learnt from. */
  async judge(number: number, verdict: Verdict | null, trackId?: string): Promise<void> {
    const params = { path: { id: this.id, n: number } };
    const form = formOf({ verdict: verdict ?? 'none', track_id: trackId });
    const entry = await withKey(() => data(client.PATCH('/api/v1/timelines/{id}/entries/{n}', { params, ...form })));
    const { job } = this;
    if (!job?.timeline) return;
    const entries = job.timeline.entries.with(number, entry);
    this.job = { ...job, timeline: { ...job.timeline, entries } };
  }

  /** The stretch becomes a track, and an entry of this timeline. */
  async learn(stretch: { start: number; end: number; title: string; artist: string | null; album: string | null }) {
    const form = formOf(stretch);
    const learnt = await withKey(() => data(client.POST('/api/v1/timelines/{id}/learn', { ...this.path, ...form })));
    await this.load();
    return learnt;
  }

  async remove(): Promise<void> {
    this.close();
    await withKey(() => done(client.DELETE('/api/v1/timelines/{id}', this.path)));
  }

  private put(job: TimelineJob): void {
    // Events leave the timeline out while it does not change.
    this.job = job.timeline === null && this.job ? { ...job, timeline: this.job.timeline } : job;
    const at = Date.now();
    this.marks = [...this.marks.filter((mark) => at - mark.at < RATE_MS), { at, heard: job.heard_seconds }];
    const { at: since, heard } = this.marks[0]!;
    if (at - since > 1000) this.rate = Math.max(0, ((job.heard_seconds - heard) / (at - since)) * 1000);
  }

  private follow(): void {
    if (this.stream) return;
    const stream = new EventSource(`/api/v1/timelines/${this.id}/events`);
    this.stream = stream;
    const take = ({ data }: MessageEvent<string>) => this.put(JSON.parse(data) as TimelineJob);
    stream.addEventListener('progress', take);
    stream.addEventListener('end', (event) => {
      take(event);
      this.close();
      void this.load();
    });
    stream.onerror = () => {
      // The browser tries again by itself, but not after an answer like 404.
      if (stream.readyState !== EventSource.CLOSED) return;
      this.close();
      void this.load();
    };
  }
}

export interface Sending {
  file: File;
  sent: number;
  state: 'waiting' | 'sending' | 'problem';
  problem: Error | null;
}

/** The recordings that are sent, one after the other. They go on while the user looks at other pages. */
class Recordings {
  list = $state<Sending[]>([]);
  /** Grows with each timeline that was begun. */
  begun = $state(0);
  /** The last of them. */
  last = $state('');
  private stop: AbortController | null = null;

  add(files: Iterable<File>): void {
    for (const file of files) this.list.push({ file, sent: 0, state: 'waiting', problem: null });
    void this.work();
  }

  retry(one: Sending): void {
    one.state = 'waiting';
    void this.work();
  }

  cancel(one: Sending): void {
    if (one.state === 'sending') this.stop?.abort();
    this.list = this.list.filter((other) => other !== one);
  }

  private async work(): Promise<void> {
    if (this.stop) return;
    for (let one = this.next(); one; one = this.next()) {
      const sending = one;
      const stop = new AbortController();
      this.stop = stop;
      sending.state = 'sending';
      const form = new FormData();
      form.set('name', sending.file.name);
      form.set('audio', sending.file, sending.file.name);
      const onSent = (part: number) => (sending.sent = part);
      try {
        const { id } = await withKey(() => send<TimelineJob>('/api/v1/timelines', form, onSent, stop.signal));
        this.list = this.list.filter((other) => other !== sending);
        this.begun += 1;
        this.last = id;
      } catch (error) {
        sending.state = 'problem';
        sending.problem = error as Error;
      }
      this.stop = null;
    }
  }

  private next(): Sending | undefined {
    return this.list.find(({ state }) => state === 'waiting');
  }
}

export const recordings = new Recordings();

/** Sends the file and shows how far that is. */
export async function makeTimeline(file: File | undefined): Promise<void> {
  if (!file) return;
  recordings.add([file]);
  await goto('/timelines');
}
