import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import { describe, expect, test } from 'vitest';
import { eventually } from '../../setup/eventually.ts';
import { confirmed } from '../../workflows/later-rig.ts';
import { orderPath, type ConsoleSystem } from './start-browser.ts';

/** A desk and a telephone. */
const sizes = { wide: { width: 1_280, height: 900 }, narrow: { width: 390, height: 844 } } as const;

/** So many pixels become one: letters become grey, whatever fonts a machine has. */
const BLUR = 16;

/** How much of a picture may differ: another machine's fonts break some lines elsewhere. */
const MOST_DIFFERENT = 0.12;

/**
 * Pictures of pages, small enough that fonts don't matter; they are taken of a system in which nothing else has happened. After a change that is meant,
 * run this with UPDATE_PICTURES=1, and look at what has become of them.
 */
export function describePictures(system: () => ConsoleSystem): void {
  describe('at the size of a desk and of a telephone', () => {
    test('pages look as they did, and nothing is cut off at the side', async () => {
      const pages = await pagesOf(system());
      for (const [size, viewport] of Object.entries(sizes)) {
        const page = await system().openWith('operator');
        await page.setViewportSize(viewport);
        for (const [name, path] of Object.entries(pages)) {
          await page.goto(system().url + path);
          const overflow = await page
            .locator('html')
            .evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
          expect([name, size, Math.max(0, overflow)]).toEqual([name, size, 0]);
          const share = await compare(`${name}-${size}`, blurred(await page.screenshot()));
          expect([name, size, share < MOST_DIFFERENT ? 'like before' : `${share} differs`]).toEqual([
            name,
            size,
            'like before',
          ]);
        }
        expect(page.faults).toEqual([]);
      }
    });
  });
}

/** One order that is confirmed and one that is parked, and where what is to be seen of them. */
async function pagesOf({ rig }: ConsoleSystem): Promise<Readonly<Record<string, string>>> {
  const details = { customerName: 'Ada Lovelace', customerEmail: 'ada@example.com', reference: 'A-1' };
  const order = await confirmed(rig, 2, details);
  await rig.fault({ service: 'payment', operation: 'charge', mode: 'down' });
  await rig.product('TEAPOT', 100);
  const parked = await rig.place(details);
  await eventually(async () => expect((await rig.order(parked)).sagaState).toBe('NEEDS_ATTENTION'));
  await rig.noFaults();
  await rig.rests(order.id);
  return {
    start: '/console',
    orders: '/console/orders',
    order: orderPath(order),
    parked: orderPath({ id: parked }),
    queue: '/console/queues/needs_attention',
    operations: '/console/operations',
  };
}

/** A picture in which each pixel is the mean of many. */
function blurred(png: Buffer): PNG {
  const sharp = PNG.sync.read(png);
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

const folder = new URL('pictures/', import.meta.url);

/** The share of pixels that differ from the picture on record; without one, or when it is asked for, this one is put on record. */
async function compare(name: string, picture: PNG): Promise<number> {
  const file = new URL(`${name}.png`, folder);
  if (process.env['UPDATE_PICTURES'] === '1' || !existsSync(file)) {
    await mkdir(folder, { recursive: true });
    await writeFile(file, PNG.sync.write(picture));
  }
  const before = PNG.sync.read(await readFile(file));
  const { width, height } = picture;
  if (before.width !== width || before.height !== height) return 1;
  const different = pixelmatch(before.data, picture.data, undefined, width, height, { threshold: 0.15 });
  return different / (width * height);
}
