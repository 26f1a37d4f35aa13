/** The page's colours and font, as a canvas wants them. */
export interface Look {
  ink: string;
  soft: string;
  line: string;
  card: string;
  sunken: string;
  wave: string;
  accent: string;
  bad: string;
  dark: boolean;
  font: string;
}

const NAMES = ['ink', 'soft', 'line', 'card', 'sunken', 'wave', 'accent', 'bad'] as const;

/** `probe` is any element that shows nothing. A custom property would not tell which of its two colours applies. */
export function lookOf(probe: HTMLElement): Look {
  const style = getComputedStyle(probe);
  const colours = NAMES.map((name) => {
    probe.style.color = `var(--${name})`;
    return [name, style.color] as const;
  });
  const look = Object.fromEntries(colours) as Pick<Look, (typeof NAMES)[number]>;
  return { ...look, dark: Number(look.ink.match(/\d+/)?.[0] ?? 0) > 127, font: style.fontFamily };
}

// Neighbours differ: consecutive numbers are a golden angle apart.
const hue = (tint: number) => Math.round((168 + tint * 137.508) % 360);

export function blockColour(look: Look, tint: number, pale: boolean): string {
  const [saturation, lightness] = look.dark ? [32, pale ? 24 : 34] : [48, pale ? 90 : 80];
  return `hsl(${hue(tint)} ${saturation}% ${lightness}%)`;
}
export function edgeColour(look: Look, tint: number): string {
  return `hsl(${hue(tint)} ${look.dark ? '45% 58%' : '50% 42%'})`;
}
