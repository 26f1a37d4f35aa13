import { client, data, send, withKey, type IngestJob, type IngestResponse } from '$lib/api/client';

const NAME = 'audio-ident.jobs';
const OVER = ['finished', 'cancelled', 'failed'];

export const isOver = (job: IngestJob) => OVER.includes(job.status);

/** The folders being added. This browser remembers them. */
export class FolderJobs {
  list = $state<IngestJob[]>([]);
  private streams = new Map<string, EventSource>();

  async load(): Promise<void> {
    const known: string[] = JSON.parse(localStorage.getItem(NAME) ?? '[]');
    const found = await Promise.allSettled(
      known.map((id) => data(client.GET('/api/v1/ingest/jobs/{id}', { params: { path: { id } } })))
    );
    for (const job of found) if (job.status === 'fulfilled') this.put(job.value);
  }

  async start(directory: string): Promise<void> {
    const form = new FormData();
    form.set('directory', directory);
    const job = await withKey(() =>
      data(
        client.POST('/api/v1/ingest', {
          body: form as never,
          bodySerializer: (body: unknown) => body as FormData
        })
      )
    );
    this.put(job as unknown as IngestJob);
  }

  async cancel(id: string): Promise<void> {
    const job = await withKey(() => data(client.DELETE('/api/v1/ingest/jobs/{id}', { params: { path: { id } } })));
    this.put(job as IngestJob);
  }

  forget(id: string): void {
    this.list = this.list.filter((job) => job.id !== id);
    this.remember();
  }

  close(): void {
    for (const stream of this.streams.values()) stream.close();
    this.streams.clear();
  }

  private put(job: IngestJob): void {
    const at = this.list.findIndex(({ id }) => id === job.id);
    if (at < 0) this.list.unshift(job);
    else this.list[at] = job;
    this.remember();
    if (isOver(job)) {
      this.streams.get(job.id)?.close();
      this.streams.delete(job.id);
    } else if (!this.streams.has(job.id)) {
      const stream = new EventSource(`/api/v1/ingest/jobs/${job.id}/events`);
      this.streams.set(job.id, stream);
      const take = (event: MessageEvent<string>) => this.put(JSON.parse(event.data));
      stream.addEventListener('progress', take);
      stream.addEventListener('end', take);
    }
  }

  private remember(): void {
    localStorage.setItem(NAME, JSON.stringify(this.list.map(({ id }) => id)));
  }
}

export interface Upload {
  file: File;
  state: 'waiting' | 'sending' | 'working' | 'ingested' | 'duplicate' | 'error';
  sent: number;
  problem: string;
  notes: string[];
  trackId: string;
}

/** Sends one file. `onSent` receives the share sent so far, 0 to 1. */
export function sendFile(file: File, onSent: (part: number) => void): Promise<IngestResponse> {
  const form = new FormData();
  form.set('audio', file, file.name);
  return send('/api/v1/ingest', form, onSent);
}
