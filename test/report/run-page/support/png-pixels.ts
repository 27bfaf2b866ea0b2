import { inflateSync } from 'node:zlib';

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue of each pixel, row by row, as one number. */
  readonly colours: Uint32Array;
}

/** Decodes a PNG as Chromium writes them: 8 bits a channel, with or without alpha, not interlaced (RFC 2083). */
export function pngPixels(png: Buffer): Pixels {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const channels = png[25] === 6 ? 4 : 3;
  if (png[24] !== 8 || (png[25] !== 6 && png[25] !== 2) || png[28] !== 0) throw new Error('a PNG of another kind');
  const data = inflateSync(Buffer.concat(dataChunks(png)));
  const stride = width * channels;
  const colours = new Uint32Array(width * height);
  let above = new Uint8Array(stride);
  for (let y = 0; y < height; y += 1) {
    const start = y * (stride + 1);
    const row = unfiltered(data[start] ?? 0, data.subarray(start + 1, start + 1 + stride), above, channels);
    for (let x = 0; x < width; x += 1) {
      const at = x * channels;
      colours[y * width + x] = ((row[at] ?? 0) << 16) | ((row[at + 1] ?? 0) << 8) | (row[at + 2] ?? 0);
    }
    above = row;
  }
  return { width, height, colours };
}

function dataChunks(png: Buffer): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') chunks.push(png.subarray(at + 8, at + 8 + length));
  }
  return chunks;
}

function unfiltered(filter: number, row: Uint8Array, above: Uint8Array, channels: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(row.length);
  row.forEach((value, index) => {
    const a = index < channels ? 0 : (whole[index - channels] ?? 0);
    const b = above[index] ?? 0;
    const c = index < channels ? 0 : (above[index - channels] ?? 0);
    const guesses = [0, a, b, (a + b) >> 1, paeth(a, b, c)];
    whole[index] = value + (guesses[filter] ?? 0);
  });
  return whole;
}

function paeth(a: number, b: number, c: number): number {
  const [toA, toB, toC] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  if (toA <= toB && toA <= toC) return a;
  return toB <= toC ? b : c;
}
