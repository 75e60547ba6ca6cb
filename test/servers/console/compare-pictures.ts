import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';

/** So many pixels become one: how a machine smooths its letters does not matter. */
const BLUR = 16;

const folder = new URL('pictures/', import.meta.url);

/**
 * The share of a picture that differs from the one on record; 1 for one of another size. Without one on record, or with UPDATE_PICTURES=1, this one is
 * put on record.
 */
export async function compareWithRecord(name: string, screenshot: Buffer): Promise<number> {
  const picture = blur(PNG.sync.read(screenshot));
  const file = new URL(`${name}.png`, folder);
  if (process.env['UPDATE_PICTURES'] === '1' || !existsSync(file)) {
    await mkdir(folder, { recursive: true });
    await writeFile(file, PNG.sync.write(picture));
  }
  const before = PNG.sync.read(await readFile(file));
  const { width, height } = picture;
  if (before.width !== width || before.height !== height) return 1;
  return pixelmatch(before.data, picture.data, undefined, width, height, { threshold: 0.1 }) / (width * height);
}

/** A picture in which each pixel is the mean of many. */
function blur(sharp: PNG): PNG {
  const [width, height] = [Math.floor(sharp.width / BLUR), Math.floor(sharp.height / BLUR)];
  const small = new PNG({ width, height });
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      for (let channel = 0; channel < 4; channel += 1) {
        small.data[(y * width + x) * 4 + channel] = meanOf(sharp, { x, y, channel });
      }
    }
  }
  return small;
}

function meanOf({ data, width }: PNG, { x, y, channel }: { x: number; y: number; channel: number }): number {
  let sum = 0;
  for (let row = y * BLUR; row < (y + 1) * BLUR; row += 1) {
    for (let column = x * BLUR; column < (x + 1) * BLUR; column += 1)
      sum += data[(row * width + column) * 4 + channel] ?? 0;
  }
  return Math.round(sum / BLUR ** 2);
}
