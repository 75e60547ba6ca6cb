import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Draws from one seeded sequence: the same seed gives the same draws in the same order. */
export interface Random {
  /** A number from `least` up to, but not including, `most`. */
  readonly between: (least: number, most: number) => number;
  /** A whole number from `least` to `most`, both included. */
  readonly integer: (least: number, most: number) => number;
  readonly chance: (probability: number) => boolean;
  /** One of the keys, as often as its weight says. */
  readonly weighted: <Key extends string>(weights: Readonly<Record<Key, number>>) => Key;
  readonly pick: <T>(values: readonly T[]) => T;
  readonly shuffled: <T>(values: readonly T[]) => T[];
}

/** Draws for plans; not fit for secrets. */
export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  const between = (least: number, most: number) => least + uniformFloat64(generator) * (most - least);
  const integer = (least: number, most: number) => uniformInt(generator, least, most);
  return {
    between,
    integer,
    pick: <T>(values: readonly T[]) => values[integer(0, values.length - 1)] as T,
    chance: (probability) => uniformFloat64(generator) < probability,
    weighted: <Key extends string>(weights: Readonly<Record<Key, number>>) => {
      const entries = Object.entries<number>(weights) as [Key, number][];
      let left = between(
        0,
        entries.reduce((sum, [, weight]) => sum + weight, 0),
      );
      return (entries.find(([, weight]) => (left -= weight) < 0) ?? entries[0])?.[0] as Key;
    },
    shuffled: <T>(values: readonly T[]) => {
      const rest = [...values];
      return values.map(() => rest.splice(integer(0, rest.length - 1), 1)[0] as T);
    },
  };
}
