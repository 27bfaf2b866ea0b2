/** The sixteen colours of terminals, as xterm has them; the page gives each a shade that can be read in both schemes. */
const SIXTEEN: readonly (readonly [number, number, number])[] = [
  [0, 0, 0],
  [205, 0, 0],
  [0, 205, 0],
  [205, 205, 0],
  [0, 0, 238],
  [205, 0, 205],
  [0, 205, 205],
  [229, 229, 229],
  [127, 127, 127],
  [255, 0, 0],
  [0, 255, 0],
  [255, 255, 0],
  [92, 92, 255],
  [255, 0, 255],
  [0, 255, 255],
  [255, 255, 255],
];

const CUBE = [0, 95, 135, 175, 215, 255];

/** The nearest of the sixteen to a colour of xterm's table of 256. */
export function ofTable(index: number): number | undefined {
  if (!Number.isInteger(index) || index < 0 || index > 255) return undefined;
  if (index < 16) return index;
  if (index > 231) return ofRgb(8 + 10 * (index - 232), 8 + 10 * (index - 232), 8 + 10 * (index - 232));
  const cell = index - 16;
  return ofRgb(CUBE[Math.floor(cell / 36)] ?? 0, CUBE[Math.floor(cell / 6) % 6] ?? 0, CUBE[cell % 6] ?? 0);
}

/** The nearest of the sixteen to a colour. */
export function ofRgb(red: number, green: number, blue: number): number {
  let nearest = 0;
  let least = Number.POSITIVE_INFINITY;
  SIXTEEN.forEach(([r, g, b], index) => {
    const distance = (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
    if (distance < least) [nearest, least] = [index, distance];
  });
  return nearest;
}
