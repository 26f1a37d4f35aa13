import type { Block, EntryBlock, GapBlock } from './items';
import { blockColour, edgeColour, type Look } from './look';
import type { Peaks } from './peaks';
import { ticks, type View } from './view';

export interface Scene<T extends Block = Block> {
  items: T[];
  peaks: Peaks | null;
  /** Of the waveform above the blocks, in pixels: WAVE_HEIGHT, or 0 where no recording is kept. */
  waveHeight: number;
  duration: number;
  /** How far the recording was heard. */
  heard: number;
  view: View;
  selected: string;
  hovered: string;
  /** The moment that plays, or is pointed out; null when there is none. */
  playhead: number | null;
  width: number;
  look: Look;
  texts: { unknown: string };
  /** Names a moment on the axis. */
  at: (seconds: number) => string;
}

const AXIS = 22;
const LANE = 36;
const SPACE = 6;
const LEAST_PIXELS = 2;
const TEXT_PIXELS = 34;

export const WAVE_HEIGHT = 64;
export const lanesOf = (items: Block[]) => (items.some((one) => one.kind === 'entry' && one.lane > 0) ? 2 : 1);
export const heightFor = (lanes: number, waveHeight: number) => AXIS + waveHeight + lanes * (LANE + SPACE) + SPACE;
export const overviewHeight = (waveHeight: number) => (waveHeight > 0 ? 44 : 20);

type Canvas = CanvasRenderingContext2D;
interface Box {
  left: number;
  top: number;
  width: number;
}

const toX = ({ view, width }: Scene, time: number) => ((time - view.begin) / view.seconds) * width;

function boxOf(scene: Scene, item: Block): Box {
  const left = toX(scene, item.start);
  const lane = item.kind === 'entry' ? item.lane : 0;
  return {
    left,
    top: AXIS + scene.waveHeight + SPACE + lane * (LANE + SPACE),
    width: Math.max(LEAST_PIXELS, toX(scene, item.end) - left - 1)
  };
}

/** The item under a point of the canvas; items that are thin are also found a little beside them. */
export function itemAt<T extends Block>(scene: Scene<T>, x: number, y: number): T | undefined {
  if (y < AXIS + scene.waveHeight) return undefined;
  let best: T | undefined;
  let nearest = 5;
  for (const item of scene.items) {
    const { left, top, width } = boxOf(scene, item);
    if (y < top - SPACE / 2 || y > top + LANE + SPACE / 2) continue;
    const away = Math.max(0, left - x, x - left - width);
    if (away < nearest || (away === nearest && best?.kind === 'gap')) [best, nearest] = [item, away];
  }
  return best;
}

function drawAxis(c: Canvas, scene: Scene, height: number): void {
  const { look, view, width, waveHeight, at: nameOf } = scene;
  c.font = `12px ${look.font}`;
  c.textBaseline = 'middle';
  for (const at of ticks(view, Math.max(2, width / 84))) {
    const x = Math.round(toX(scene, at)) + 0.5;
    c.fillStyle = look.line;
    c.fillRect(x - 0.5, AXIS, 1, waveHeight > 0 ? waveHeight : height - AXIS);
    c.fillStyle = look.soft;
    const text = nameOf(at);
    const wide = c.measureText(text).width;
    c.fillText(text, Math.min(width - wide - 1, Math.max(1, x - wide / 2)), AXIS / 2);
  }
}

function drawWave(c: Canvas, scene: Scene): void {
  const { peaks, look, view, width, waveHeight, duration } = scene;
  const middle = AXIS + waveHeight / 2;
  const end = Math.min(width, toX(scene, duration));
  c.fillStyle = look.line;
  c.fillRect(0, middle - 0.5, end, 1);
  c.fillStyle = look.wave;
  const second = view.seconds / width;
  for (let x = 0; peaks && x < end; x += 3) {
    const half = (peaks.between(view.begin + x * second, view.begin + (x + 3) * second) * (waveHeight - 6)) / 2;
    c.fillRect(x, middle - Math.max(0.5, half), 2, Math.max(1, 2 * half));
  }
}

/** What was not heard yet. */
function drawUnheard(c: Canvas, scene: Scene, height: number): void {
  const { look, width, heard, duration } = scene;
  if (heard >= duration) return;
  c.fillStyle = look.sunken;
  c.globalAlpha = 0.7;
  const from = Math.max(0, toX(scene, heard));
  c.fillRect(from, AXIS, Math.max(0, Math.min(width, toX(scene, duration)) - from), height - AXIS);
  c.globalAlpha = 1;
}

function hatch(c: Canvas, { left, top, width }: Box, colour: string): void {
  c.save();
  c.beginPath();
  c.rect(left, top, width, LANE);
  c.clip();
  c.strokeStyle = colour;
  c.lineWidth = 1;
  c.beginPath();
  const first = Math.max(left, 0);
  for (let x = first - LANE - ((first - left) % 8); x < left + width && x < c.canvas.width; x += 8) {
    c.moveTo(x, top + LANE);
    c.lineTo(x + LANE, top);
  }
  c.stroke();
  c.restore();
}

function fitted(c: Canvas, text: string, room: number): string {
  if (c.measureText(text).width <= room) return text;
  let keep = Math.floor((text.length * room) / c.measureText(text).width);
  while (keep > 0 && c.measureText(`${text.slice(0, keep)}…`).width > room) keep -= 1;
  return keep > 1 ? `${text.slice(0, keep).trimEnd()}…` : '';
}

function label(c: Canvas, scene: Scene, box: Box, lines: string[], colour: string): void {
  const left = Math.max(box.left, 0) + 7;
  const room = Math.min(box.left + box.width, scene.width) - left - 5;
  if (room < TEXT_PIXELS) return;
  c.fillStyle = colour;
  lines.forEach((line, i) => {
    c.font = `${i === 0 ? '600 ' : ''}${i === 0 ? 12.5 : 11}px ${scene.look.font}`;
    c.fillText(fitted(c, line, room), left, box.top + (lines.length === 1 ? LANE / 2 : i === 0 ? 12.5 : 26));
  });
}

function drawGap(c: Canvas, scene: Scene, item: GapBlock, box: Box): void {
  const { look } = scene;
  const isOutage = item.gap.kind === 'outage';
  if (item.gap.kind === 'silence') {
    c.fillStyle = look.line;
    c.fillRect(box.left, box.top + LANE / 2 - 1, box.width, 2);
    return;
  }
  c.fillStyle = look.sunken;
  c.fillRect(box.left, box.top, box.width, LANE);
  if (isOutage || box.width > 3) hatch(c, box, isOutage ? look.bad : look.line);
  const times = (item.gap.times_heard ?? 1) > 1 ? ` ×${item.gap.times_heard}` : '';
  // Over the hatching in its own colour a text could not be read.
  if (!isOutage) label(c, scene, box, [(item.gap.name ?? scene.texts.unknown) + times], look.soft);
}

function drawEntry(c: Canvas, scene: Scene, item: EntryBlock, box: Box): void {
  const { look } = scene;
  const { track, confidence, verdict } = item.entry;
  const rejected = verdict === 'rejected';
  c.fillStyle = rejected ? look.sunken : blockColour(look, item.tint, confidence < 0.9 && verdict === null);
  c.fillRect(box.left, box.top, box.width, LANE);
  c.fillStyle = rejected ? look.line : edgeColour(look, item.tint);
  c.fillRect(box.left, box.top, Math.min(3, box.width), LANE);
  const mark = verdict === 'accepted' ? '✓ ' : rejected ? '✗ ' : confidence < 0.9 ? '? ' : '';
  label(c, scene, box, [mark + track.title, track.artist ?? ''], rejected ? look.soft : look.ink);
}

function drawItems(c: Canvas, scene: Scene): void {
  c.textBaseline = 'middle';
  const end = scene.view.begin + scene.view.seconds;
  for (const item of scene.items) {
    if (item.end < scene.view.begin || item.start > end) continue;
    const box = boxOf(scene, item);
    if (item.kind === 'gap') drawGap(c, scene, item, box);
    else drawEntry(c, scene, item, box);
    const strong = item.key === scene.selected;
    if (!strong && item.key !== scene.hovered) continue;
    c.strokeStyle = strong ? scene.look.accent : scene.look.soft;
    c.lineWidth = strong ? 2.5 : 1;
    c.strokeRect(box.left - 1, box.top - 1, box.width + 2, LANE + 2);
  }
}

function drawPlayhead(c: Canvas, scene: Scene, height: number): void {
  if (scene.playhead === null) return;
  const x = Math.round(toX(scene, scene.playhead));
  c.fillStyle = scene.look.accent;
  c.fillRect(x - 1, AXIS - 4, 2, height - AXIS + 4);
  c.beginPath();
  c.arc(x, AXIS - 4, 4, 0, 2 * Math.PI);
  c.fill();
}

export function draw(c: Canvas, scene: Scene): void {
  const height = heightFor(lanesOf(scene.items), scene.waveHeight);
  c.clearRect(0, 0, scene.width, height);
  drawAxis(c, scene, height);
  if (scene.waveHeight > 0) drawWave(c, scene);
  drawUnheard(c, scene, height);
  drawItems(c, scene);
  drawPlayhead(c, scene, height);
}

/** Draws on a canvas of this size in CSS pixels, sharp on every screen. */
export function paintOn(
  target: HTMLCanvasElement,
  width: number,
  height: number,
  how: (context: CanvasRenderingContext2D) => void
) {
  const scale = window.devicePixelRatio || 1;
  const [wide, tall] = [Math.round(width * scale), Math.round(height * scale)];
  if (target.width !== wide || target.height !== tall) [target.width, target.height] = [wide, tall];
  const context = target.getContext('2d')!;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  how(context);
}

/** The whole recording in a strip, with a frame around the part that the scene shows. */
export function drawOverview(c: Canvas, scene: Scene): void {
  const { look, width, peaks, duration, view } = scene;
  const x = (time: number) => (time / duration) * width;
  const height = overviewHeight(scene.waveHeight);
  c.clearRect(0, 0, width, height);
  c.fillStyle = look.wave;
  for (let at = 0; peaks && at < width; at += 2) {
    const high = peaks.between((at / width) * duration, ((at + 2) / width) * duration) * 26;
    c.fillRect(at, 28 - high, 1, high);
  }
  for (const item of scene.items) {
    if (item.kind === 'gap' && item.gap.kind === 'silence') continue;
    const known = item.kind === 'entry' && item.entry.verdict !== 'rejected';
    const isOutage = item.kind === 'gap' && item.gap.kind === 'outage';
    c.fillStyle = known ? edgeColour(look, item.tint) : isOutage ? look.bad : look.line;
    c.fillRect(x(item.start), height - 13, Math.max(1, x(item.end) - x(item.start)), 9);
  }
  if (scene.playhead !== null) {
    c.fillStyle = look.accent;
    c.fillRect(x(scene.playhead) - 1, 0, 2, height);
  }
  const [left, wide] = [x(view.begin), Math.max(6, x(view.seconds))];
  c.fillStyle = look.sunken;
  c.globalAlpha = 0.65;
  c.fillRect(0, 0, left, height);
  c.fillRect(left + wide, 0, width - left - wide, height);
  c.globalAlpha = 1;
  c.strokeStyle = look.accent;
  c.lineWidth = 2;
  c.strokeRect(left + 1, 1, Math.min(wide, width - left) - 2, height - 2);
}
