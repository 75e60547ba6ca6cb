import { z } from 'zod';
import { csvDelimiterNames } from '../../domain/csv-delimiter.ts';
import { currencies } from '../../domain/currency.ts';
import { fileOrderStates, filePaymentStates } from '../../domain/file-order.ts';
import { lineFields, presetFields } from '../../domain/preset-fields.ts';
import { dateOrders, LINE_NUMBER, taxWords, type Preset } from '../../domain/preset.ts';
import { Refusal, type RefusalDetail } from '../../domain/refusal.ts';
import { extendPreset, extensiblePresets, type PresetExtension } from './extend-preset.ts';
import { isTimeZone } from './read-date.ts';

const header = z.string().min(1).max(200);
const headers = z.array(header).min(1).max(20);
const word = z.string().max(100);
const field = z.enum(presetFields);

const column = z.union([
  header,
  headers,
  z.strictObject({ joined: headers, with: z.string().max(10).optional() }),
  z.strictObject({ sum: headers }),
  z.strictObject({ value: z.string().min(1).max(200) }),
]);

const texts = z.array(z.string().max(200)).min(1).max(50);

const condition = z
  .strictObject({
    column: header.optional(),
    is: texts.optional(),
    starts_with: texts.optional(),
    contains: texts.optional(),
  })
  .refine(({ is, starts_with: starts, contains }) => [is, starts, contains].some((list) => list !== undefined), {
    error: 'needs is, starts_with or contains',
  });

const conditions = z.array(condition).max(50);

const packed = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('named'),
    columns: headers,
    between_lines: z.string().min(1).max(10).optional(),
    between_fields: z.string().min(1).max(10),
    after_name: z.string().min(1).max(10),
    fields: z.partialRecord(field, z.union([header, headers])),
  }),
  z.strictObject({
    kind: z.literal('json'),
    columns: headers,
    list: header.optional(),
    fields: z.partialRecord(field, header),
  }),
  z.strictObject({
    kind: z.literal('aligned'),
    fields: z.array(field).min(1),
    between_lines: z.string().min(1).max(10),
  }),
  z.strictObject({
    kind: z.literal('numbered'),
    fields: z.partialRecord(
      z.enum(lineFields),
      header.refine(
        (name) => name.split(LINE_NUMBER).length === 2,
        `must have ${LINE_NUMBER} once, where the number of the line stands`,
      ),
    ),
  }),
]);

/** A preset as its file has it; its JSON Schema is what docs/presets.md describes. */
const presetSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be of lower-case letters, digits and hyphens, 40 at most'),
  title: z.string().min(1).max(100),
  recognise: z
    .array(z.strictObject({ headers, unless: headers.optional() }))
    .max(20)
    .optional(),
  unquoted: z.array(z.enum(csvDelimiterNames)).max(10).optional(),
  twice: headers.optional(),
  columns: z.partialRecord(field, column),
  rows: z
    .strictObject({
      skip: conditions.optional(),
      summary: conditions.optional(),
      refunds: conditions.optional(),
      cancelled: conditions.optional(),
      without_reference: z.enum(['above', 'refuse']).optional(),
    })
    .optional(),
  packed: packed.optional(),
  words: z
    .strictObject({
      state: z.record(word, z.enum(fileOrderStates)).optional(),
      payment_state: z.record(word, z.enum(filePaymentStates)).optional(),
      line_state: z.record(word, z.enum(fileOrderStates)).optional(),
      tax_basis: z.record(word, z.enum(taxWords)).optional(),
    })
    .optional(),
  defaults: z
    .strictObject({ state: z.enum(fileOrderStates).optional(), payment_state: z.enum(filePaymentStates).optional() })
    .optional(),
  amounts: z
    .strictObject({
      unit_price: z.enum(['unit', 'line', 'auto']).optional(),
      line_total: z.enum(['before-discount', 'after-discount']).optional(),
      tax: z.enum(['included', 'on-top', 'auto']).optional(),
      line_discounts: z.enum(['separate', 'within-discount', 'auto']).optional(),
      minor_units: z.boolean().optional(),
      signs: z.record(z.string().min(1).max(10), z.enum(currencies)).optional(),
    })
    .optional(),
  dates: z
    .strictObject({
      order: z.enum(dateOrders).optional(),
      time_zone: z.string().refine(isTimeZone, 'must be the name of a time zone such as Europe/Berlin').optional(),
      unix: z.enum(['seconds', 'milliseconds']).optional(),
    })
    .optional(),
}) satisfies z.ZodType<Preset>;

/** A preset file that begins with a known preset. */
const extensionSchema = presetSchema
  .partial()
  .extend({ extends: z.enum(extensiblePresets) }) satisfies z.ZodType<PresetExtension>;

/** Reads a preset file. Throws VALIDATION that says what is wrong with it, and where. */
export function readPresetFile(text: string): Preset {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw refused([{ pointer: '', message: `is no JSON: ${error instanceof Error ? error.message : ''}` }]);
  }
  const isExtension = typeof json === 'object' && json !== null && 'extends' in json;
  const { data, error } = isExtension
    ? extensionSchema.transform(extendPreset).safeParse(json)
    : presetSchema.safeParse(json);
  if (data) return data;
  throw refused(
    (error?.issues ?? []).map(({ path, message }) => ({
      pointer: path.map((part) => `/${String(part)}`).join(''),
      message,
    })),
  );
}

function refused(details: readonly RefusalDetail[]): Refusal {
  const all = details.map(({ pointer = '', message = '' }) => `${pointer || 'it'}: ${message}`).join('; ');
  return new Refusal('VALIDATION', `The preset file can't be used: ${all}.`, { details });
}
