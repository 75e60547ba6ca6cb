import { z } from '@hono/zod-openapi';
import { presetFields, type PresetField } from '../../../domain/preset-fields.ts';
import { importFieldNames, importFields, type ImportField } from '../../../domain/import-columns.ts';
import { presetNames } from '../../../imports/presets/choose-preset.ts';
import { readPresetFile } from '../../../imports/presets/preset-schema.ts';
import { isTimeZone, readDateOrder } from '../../../imports/presets/read-date.ts';
import type { FileFormat } from '../../../imports/read-order-lines.ts';
import { line } from '../../../orders/text-schemas.ts';

type ColumnField = ImportField | PresetField;

const columnFields: readonly ColumnField[] = [...new Set<ColumnField>([...importFieldNames, ...presetFields])];

const usualHeaders: Readonly<Partial<Record<ColumnField, readonly string[]>>> = importFields;

const columnQuery = Object.fromEntries(
  columnFields.map((field) => {
    const usual = usualHeaders[field];
    return [
      `column.${field}`,
      line(100)
        .optional()
        .openapi({
          description:
            usual === undefined
              ? `The header of \`${field}\` in another system's file. \`-\` for none.`
              : `The header of \`${field}\`, unless it is one of: ${usual.join(', ')}. \`-\` for none.`,
        }),
    ];
  }),
) as Record<`column.${ColumnField}`, z.ZodOptional<ReturnType<typeof line>>>;

/** A request line holds some 16 KB, and a preset is written in a quarter of that. */
const MAX_PRESET_CHARACTERS = 8_000;

/** What a caller may say of how a file is to be read. */
export const presetQuery = {
  preset: z.enum(presetNames).optional().openapi({
    description:
      'The system that wrote the file. `auto`, the default, recognises it by its header; `orders` is our own header, which a file of no known system has.',
  }),
  preset_file: z.string().min(2).max(MAX_PRESET_CHARACTERS).optional().openapi({
    description:
      'A preset of your own as JSON, for a system that is not known, or one that `extends` a known one; see docs/presets.md. It takes the place of `preset`.',
  }),
  tolerance: z
    .string()
    .regex(/^\d{1,9}(\.\d{1,4})?$/, 'must be an amount such as 0.05')
    .optional()
    .openapi({
      description:
        'By how much the total of an order may differ from its sum; the difference is kept as a fee or a discount. None by default.',
    }),
  decimal: z.enum(['.', ',']).optional().openapi({
    description:
      'The decimal sign of numbers such as `1,234`, where the file does not show it: `,` if that is one with three decimals, `.` if it is one thousand and more.',
  }),
  date_format: z
    .string()
    .refine((text) => readDateOrder(text) !== undefined, 'must be DMY, MDY or YMD, or a pattern such as DD/MM/YYYY')
    .optional()
    .openapi({
      description: 'How dates are written with numbers, where the file does not show it: `DMY`, `MDY`, `DD/MM/YYYY`, …',
    }),
  time_zone: z
    .string()
    .refine(isTimeZone, 'must be the name of a time zone such as Europe/Berlin')
    .optional()
    .openapi({ description: 'Of times that state none; UTC by default.' }),
  prices: z.enum(['file', 'catalogue']).optional().openapi({
    description:
      'Whether the prices of the catalogue are taken for lines without one. `file`, the default, refuses their orders.',
  }),
  ...columnQuery,
};

type PresetQuery = z.output<z.ZodObject<typeof presetQuery>>;

/** How the file is to be read. Throws VALIDATION where the preset file says nothing that can be used. */
export function readingOf(
  query: PresetQuery,
): Pick<FileFormat, 'preset' | 'tolerance' | 'decimal' | 'dateOrder' | 'timeZone' | 'prices' | 'named'> {
  const { preset_file: file, preset, tolerance, decimal, date_format: dates, time_zone: timeZone, prices } = query;
  return {
    preset: file === undefined ? preset : readPresetFile(file),
    tolerance,
    decimal,
    dateOrder: dates === undefined ? undefined : readDateOrder(dates),
    timeZone,
    prices,
    named: Object.fromEntries(
      columnFields.flatMap((field) => {
        const name = query[`column.${field}`];
        return name === undefined ? [] : [[field, name]];
      }),
    ),
  };
}
