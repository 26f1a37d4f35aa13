import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const program = process.env.AUDIO_IDENT_PROGRAM ?? join(root, 'audio-ident-service/build/release/src/audio-ident');
export const sample = join(root, 'sample');
export const song = join(sample, 'Hungarian Dance No. 5.flac');

/** The real service, in a home of its own. */
export class Service {
  readonly home = mkdtempSync(join(tmpdir(), 'audio-ident-ui-'));
  readonly music = join(this.home, 'music');
  url = '';
  private process: ChildProcess | null = null;

  constructor(private readonly settings: Record<string, string> = {}) {
    mkdirSync(this.music);
  }

  private get environment() {
    return {
      PATH: process.env.PATH ?? '',
      HOME: this.home,
      AUDIO_IDENT_DATA_DIR: join(this.home, 'data'),
      INGEST_ROOTS: this.music,
      SEARCH_TIMEOUT_SECONDS: '60',
      ...this.settings
    };
  }

  run(...words: string[]): string {
    return execFileSync(program, words, {
      env: this.environment,
      cwd: this.home,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe']
    });
  }

  /** Puts music below the folder that may be ingested: the bundled music, or all of another folder. */
  copyMusic(folder = sample): void {
    cpSync(folder, this.music, { recursive: true });
  }

  async start(port = '0'): Promise<this> {
    const child = spawn(program, ['serve'], {
      env: { ...this.environment, SERVICE_PORT: port },
      cwd: this.home,
      stdio: ['ignore', 'pipe', 'ignore']
    });
    this.process = child;
    const lines = createInterface({ input: child.stdout! });
    this.url = await new Promise((done, fail) => {
      lines.on('line', (line) => done(line.match(/http:\S+/)?.[0] ?? ''));
      child.on('exit', (code) => fail(new Error(`the service ended with ${code}`)));
    });
    return this;
  }

  get port(): string {
    return new URL(this.url).port;
  }

  async stop(): Promise<void> {
    const child = this.process;
    if (!child) return;
    this.process = null;
    child.removeAllListeners('exit');
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    await ended;
  }

  async close(): Promise<void> {
    await this.stop();
    rmSync(this.home, { recursive: true });
  }
}

/** One file of several inputs of ffmpeg, each with its options, one after the other. */
export function joined(inputs: string[][], target: string): string {
  const parts = inputs.map((_, i) => `[${i}:a:0]aformat=sample_rates=48000:channel_layouts=mono[p${i}]`);
  const all = inputs.map((_, i) => `[p${i}]`).join('');
  const filter = `${parts.join(';')};${all}concat=n=${inputs.length}:v=0:a=1`;
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...inputs.flat(), '-filter_complex', filter, target]);
  return target;
}

/** A part of a file as an input of ffmpeg. */
export const part = (source: string, begin: number, seconds: number) => [
  ...['-ss', `${begin}`, '-t', `${seconds}`],
  ...['-i', source]
];

/** A part of a file as a browser or phone would record it, with noise. */
export function recording(source: string, begin: number, seconds: number, target: string): string {
  execFileSync('ffmpeg', [
    '-v',
    'error',
    '-nostdin',
    '-y',
    '-ss',
    `${begin}`,
    '-t',
    `${seconds}`,
    '-i',
    source,
    '-f',
    'lavfi',
    '-t',
    `${seconds}`,
    '-i',
    'anoisesrc=color=pink:amplitude=0.05:seed=1',
    '-filter_complex',
    '[0:a:0]aformat=sample_rates=48000:channel_layouts=mono[m];[m][1:a]amix=inputs=2:duration=first',
    '-ac',
    '1',
    ...(target.endsWith('.wav') ? ['-c:a', 'pcm_s16le'] : ['-c:a', 'libopus', '-b:a', '48k']),
    target
  ]);
  return target;
}
