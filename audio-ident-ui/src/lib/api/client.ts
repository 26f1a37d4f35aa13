import createClient from 'openapi-fetch';
import { key } from '$lib/key.svelte';
import { texts } from '$lib/texts';
import type { components, paths } from './schema';

type Schemas = components['schemas'];
export type SearchResponse = Schemas['SearchResponse'];
export type SearchMode = Schemas['SearchMode'];
export type ExactMatch = Schemas['ExactMatch'];
export type VibeMatch = Schemas['VibeMatch'];
export type TrackSort = Schemas['TrackSort'];
export type SortOrder = Schemas['SortOrder'];
export type TrackInfo = Schemas['TrackInfo'];
export type Readiness = Schemas['Readiness'];
export type IngestJob = Schemas['IngestJob'];
export type IngestResponse = Schemas['IngestResponse'];
export type Timeline = Schemas['Timeline'];
export type TimelineEntry = Schemas['TimelineEntry'];
export type TimelineCandidate = Schemas['TimelineCandidate'];
export type TimelineGap = Schemas['TimelineGap'];
export type TimelineJob = Schemas['TimelineJob'];
export type TimelineSummary = Schemas['TimelineSummary'];
export type Monitor = Schemas['Monitor'];
export type Outage = Schemas['Outage'];
export type Play = Schemas['Play'];
export type PlayPage = Schemas['PlayPage'];
export type PlayTotal = Schemas['PlayTotal'];
export type StationMatch = Schemas['StationMatch'];
export type Sound = Schemas['Sound'];
export type SoundPlay = Schemas['SoundPlay'];
export type Verdict = Schemas['TimelineVerdict'];

/** An error with the contract's code; NETWORK when there was no response. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    readonly detail: string,
    readonly status = 0
  ) {
    super(texts.errors[code] ?? texts.errors.OTHER);
  }
}

/** The service answered that there is no such thing. */
export function isMissing(error: Error | null): boolean {
  return error instanceof ApiError && ['NOT_FOUND', 'VALIDATION_ERROR'].includes(error.code);
}

export function toError(body: unknown, status: number): ApiError {
  // An error that a proxy generates has another form.
  const error = (body as Partial<Schemas['ErrorEnvelope']> | undefined)?.error;
  return new ApiError(error?.code ?? (status >= 500 ? 'NETWORK' : 'OTHER'), error?.message ?? '', status);
}

export async function reach(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (cause) {
    if (request.signal.aborted) throw cause;
    throw new ApiError('NETWORK', String(cause));
  }
}

const origin = typeof location === 'undefined' ? 'http://localhost' : location.origin;
export const client = createClient<paths>({ baseUrl: origin, fetch: reach });

client.use({
  onRequest({ request }) {
    if (key.value && request.method !== 'GET') request.headers.set('Authorization', `Bearer ${key.value}`);
    return request;
  }
});

/** Returns the data of a response of `client`, or throws its error. */
export async function data<T>(answer: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await answer;
  if (!response.ok || data === undefined) throw toError(error, response.status);
  return data;
}

/** The same for responses without a body. */
export async function done(answer: Promise<{ error?: unknown; response: Response }>): Promise<void> {
  const { error, response } = await answer;
  if (!response.ok) throw toError(error, response.status);
}

/** Runs a change of the library. If it needs the admin's key, asks for the key and tries again. */
export async function withKey<T>(action: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 'UNAUTHORIZED' && (await key.ask()))) throw error;
    }
  }
}

/** The fields as a form, for `client`. Fields without a value are left out. */
export function formOf(fields: Record<string, string | number | null | undefined>) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) if (value != null) form.set(name, String(value));
  return { body: form as never, bodySerializer: (body: unknown) => body as FormData };
}

/** A clip as a form, with other fields. */
function clipForm(clip: Blob, fields: Parameters<typeof formOf>[0]) {
  const form = formOf(fields);
  (form.body as FormData).set('audio', clip, 'clip');
  return form;
}

export async function search(clip: Blob, mode: SearchMode, signal?: AbortSignal): Promise<SearchResponse> {
  return data(client.POST('/api/v1/search', { ...clipForm(clip, { mode }), signal }));
}

/** The stations that played the clip, the best first. */
export async function searchStations(clip: Blob): Promise<StationMatch[]> {
  const form = clipForm(clip, { max_results: 10 });
  return (await data(client.POST('/api/v1/search/stations', form))).station_matches;
}

/** Sends a form whose upload is worth watching. `onSent` receives the share sent so far, 0 to 1. */
export function send<T>(
  path: string,
  form: FormData,
  onSent: (part: number) => void,
  signal?: AbortSignal
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', path);
    if (key.value) request.setRequestHeader('Authorization', `Bearer ${key.value}`);
    request.upload.onprogress = ({ loaded, total }) => onSent(loaded / total);
    const body = () => {
      try {
        return JSON.parse(request.responseText);
      } catch {
        return undefined;
      }
    };
    request.onload = () => (request.status < 300 ? resolve(body()) : reject(toError(body(), request.status)));
    request.onerror = () => reject(toError(undefined, 503));
    request.onabort = () => reject(toError(undefined, 0));
    signal?.addEventListener('abort', () => request.abort());
    request.send(form);
  });
}
