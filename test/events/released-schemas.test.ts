import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readEventSchemas, RELEASED_SCHEMAS } from '../../dev/release-events.ts';
import { schemaChanges } from './schema-changes.ts';

type Schemas = ReturnType<typeof readEventSchemas>;

const released = JSON.parse(await readFile(RELEASED_SCHEMAS, 'utf8')) as Schemas;

test('events differ from those that were released last by new types and new optional fields only (docs/events.md, "Releasing a schema")', () => {
  const current: Record<string, Schemas[keyof Schemas]> = readEventSchemas();
  const changes = Object.entries(released).flatMap(([kind, types]) =>
    Object.entries(types).flatMap(([type, schema]) => {
      const now = current[kind]?.[type];
      return now ? schemaChanges(schema, now).map((change) => `${type}${change}`) : [`${type} is gone`];
    }),
  );
  expect(changes).toEqual([]);
});

test('a field that is gone, is another or has to be there, and a value that is, are told of', () => {
  const before = {
    type: 'object',
    properties: {
      a: { type: 'string', enum: ['x'] },
      b: { type: 'array', items: { type: 'integer' } },
      c: { type: 'null' },
    },
    required: ['a'],
  };
  const changed = {
    type: 'object',
    properties: { a: { type: 'string', enum: ['x', 'y'] }, b: { type: 'array', items: { type: 'number' } }, d: {} },
    required: ['b', 'd'],
  };
  expect(schemaChanges(before, changed)).toEqual([
    '/a/enum was ["x"], is ["x","y"]',
    '/a is not required',
    '/b/items/type was "integer", is "number"',
    '/b is now required',
    '/c is gone',
    '/d is new and required',
  ]);
});

test('a new optional field and other words are no change', () => {
  const before = {
    type: 'object',
    properties: { description: { type: 'string', description: 'old' } },
    description: 'old',
  };
  const now = { ...before, properties: { description: { type: 'string' }, more: { type: 'string' } } };
  expect(schemaChanges(before, now)).toEqual([]);
});
