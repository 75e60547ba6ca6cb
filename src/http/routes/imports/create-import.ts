import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import pLimit from 'p-limit';
import { countries } from '../../../domain/country.ts';
import { importFieldNames, importFields, type ImportField } from '../../../domain/import-columns.ts';
import type { Api } from '../../api.ts';
import { receiveBody } from '../../middleware/receive-body.ts';
import { refuseEncoded } from '../../middleware/require-utf8.ts';
import { createUploadSlots } from '../../middleware/upload-slots.ts';
import { idempotencyHeader } from '../../schemas/idempotency.ts';
import { encodings, type Encoding } from '../../../imports/decode-text.ts';
import { importPath, importSchema, importView } from './import-view.ts';
import { startRegisteredImport } from '../../../imports/start-import.ts';
import { refuseTooLarge, uploadCsv } from '../../../imports/upload.ts';
import { importers } from '../../../imports/find-visible-import.ts';
import { ProblemError } from '../../problems/problem.ts';
import { bodyStatuses, json, needsToken, problemResponses, startedImportHeaders } from '../../schemas/responses.ts';
import { line, paymentMethod } from '../../../orders/text-schemas.ts';
import { currencySchema } from '../../../orders/order-request.ts';

/** Concurrent writes of all uploads: more are not faster, and placing orders needs connections, too. */
const WRITES_AT_ONCE = 4;

const delimiters = { ',': ',', ';': ';', '|': '|', tab: '\t', comma: ',', semicolon: ';', pipe: '|' } as const;

const columnQuery = Object.fromEntries(
  importFieldNames.map((field) => [
    `column.${field}`,
    line(100)
      .optional()
      .openapi({ description: `The header of \`${field}\`, unless it is one of: ${importFields[field].join(', ')}.` }),
  ]),
) as Record<`column.${ImportField}`, z.ZodOptional<ReturnType<typeof line>>>;

const importQuery = z.strictObject({
  currency: currencySchema
    .openapi('Currency')
    .optional()
    .openapi({ description: 'Of orders without one; `IMPORT_CURRENCY` by default.' }),
  payment_method: paymentMethod
    .optional()
    .openapi({ description: 'Of orders without one; `IMPORT_PAYMENT_METHOD` by default.' }),
  customer_id: line(255).optional().openapi({ description: 'Of orders without one; `IMPORT_CUSTOMER` by default.' }),
  country: z
    .enum(countries, 'must be an ISO 3166-1 alpha-2 code such as GB')
    .optional()
    .openapi({ description: 'Of orders without one; `IMPORT_COUNTRY` by default.' }),
  delimiter: z
    .enum(Object.keys(delimiters) as (keyof typeof delimiters)[])
    .optional()
    .openapi({ description: 'What parts the cells; told by the header line unless given.' }),
  file_name: line(200).optional().openapi({ description: 'Shown with the import.' }),
  ...columnQuery,
});

const description =
  'Streams a CSV of order lines, up to 100 MB; lines with the same order reference are one order, wherever they stand. The first line is ' +
  'the header. Columns are found by their usual names (`order_reference`, `InvoiceNo`, `sku`, `StockCode`, `quantity`, `qty`, …) or named with ' +
  '`column.<field>`; all others are ignored. UTF-8, UTF-16 with a byte order mark, or Windows-1252 and Latin-1; `,` `;` `|` or tabs; with ' +
  '`;`, a price may have a decimal comma. Answers once the file is complete and durable; its orders are then placed in the background, as ' +
  'the caller would place them. An order is known by its reference: sent again, it is placed again only if it had failed.';

/** `POST /imports`: places the orders of a CSV file. */
export function createImportRoute(api: Api) {
  const slots = createUploadSlots();
  const dependencies = { ...api, write: pLimit(WRITES_AT_ONCE) };
  const route = createRoute({
    method: 'post',
    path: '/api/v1/imports',
    operationId: 'createImport',
    summary: 'Import a file of orders',
    description,
    tags: ['imports'],
    security: needsToken,
    middleware: api.allow(...importers),
    request: {
      query: importQuery,
      headers: z.object({ 'Idempotency-Key': idempotencyHeader }),
      body: { required: true, content: { 'text/csv': { schema: { type: 'string' } } } },
    },
    responses: {
      202: json(importSchema, 'The import is registered and goes on by itself.', startedImportHeaders),
      ...problemResponses(...bodyStatuses, 422),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const query = c.req.valid('query');
      refuseEncoded(c);
      const encoding = encodingOf(c.req.header('Content-Type'));
      refuseTooLarge(c.req.header('Content-Length'));
      const { currency: code, payment_method: method, customer_id: customer, country, delimiter } = query;
      const { defaults } = api.config.imports;
      const caller = c.get('caller');
      const job = await slots(caller.subject, () =>
        uploadCsv(dependencies, caller, receiveBody(c, api.config.api.bodySilenceMs), {
          idempotencyKey: c.req.valid('header')['Idempotency-Key'],
          fileName: query.file_name,
          encoding,
          delimiter: delimiter && delimiters[delimiter],
          named: Object.fromEntries(
            importFieldNames.flatMap((field) => {
              const name = query[`column.${field}`];
              return name === undefined ? [] : [[field, name]];
            }),
          ),
          defaults: {
            currency: code ?? defaults.currency,
            paymentMethod: method ?? defaults.paymentMethod,
            customerId: customer ?? defaults.customerId,
            country: country ?? defaults.country,
          },
        }),
      );
      startRegisteredImport(api.imports, job);
      return c.json(await importView(api.database.db, job), 202, { Location: importPath(job.id) });
    },
  });
}

/** The charset that `Content-Type` states, if any. */
function encodingOf(contentType: string | undefined): Encoding | undefined {
  const match = /^text\/csv\s*(?:;.*?charset\s*=\s*"?([\w-]+)"?.*|;.*)?$/i.exec(contentType ?? '');
  if (!match) {
    throw new ProblemError('VALIDATION', 'Send the body as text/csv.', {
      status: 415,
      details: [{ header: 'Content-Type', message: 'must be text/csv' }],
    });
  }
  const charset = match[1];
  if (charset === undefined) return undefined;
  const known = encodings.find(
    (encoding) => encoding === (charsetAliases[charset.toLowerCase()] ?? charset.toLowerCase()),
  );
  if (known) return known;
  throw new ProblemError('VALIDATION', `The charset "${charset}" is not supported.`, {
    status: 415,
    details: [{ header: 'Content-Type', message: `charset must be one of ${encodings.join(', ')}` }],
  });
}

const charsetAliases: Readonly<Record<string, Encoding>> = {
  utf8: 'utf-8',
  'us-ascii': 'utf-8',
  cp1252: 'windows-1252',
  latin1: 'iso-8859-1',
  'utf-16': 'utf-16le',
};
