import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { csvDelimiterNames, csvDelimiters } from '../../../domain/csv-delimiter.ts';
import { countries } from '../../../domain/country.ts';
import type { CreateMissing, ImportDefaults } from '../../../domain/import-columns.ts';
import type { Api } from '../../api.ts';
import { receiveBody } from '../../middleware/receive-body.ts';
import { refuseEncoded } from '../../middleware/require-utf8.ts';
import { createUploadSlots } from '../../middleware/upload-slots.ts';
import { idempotencyHeader } from '../../schemas/idempotency.ts';
import { fileTooLarge, MAX_FILE_BYTES } from '../../../imports/hash-body.ts';
import { uploadFile } from '../../../imports/upload-file.ts';
import { dryRunFile } from '../../../imports/dry-run/dry-run-file.ts';
import { flag } from '../../../orders/query-fields.ts';
import { dryRunSchema, dryRunView } from './dry-run-view.ts';
import { encodingOf } from './csv-encoding.ts';
import { historyQuery, takingInOf } from './history-query.ts';
import { importPath, importSchema, importView } from './import-view.ts';
import { presetQuery, readingOf } from './preset-query.ts';
import { importers } from '../../../imports/find-visible-import.ts';
import { bodyStatuses, json, needsToken, problemResponses, startedImportHeaders } from '../../schemas/responses.ts';
import { line, paymentMethod } from '../../../orders/text-schemas.ts';
import { currencySchema } from '../../../orders/order-request.ts';

const importQuery = z.strictObject({
  // Only a schema that is made after the library was loaded can be documented by it.
  currency: currencySchema
    .clone()
    .openapi('Currency')
    .optional()
    .openapi({ description: 'Of orders without one; `IMPORT_CURRENCY` by default.' }),
  payment_method: paymentMethod
    .optional()
    .openapi({ description: 'Of orders without one; `IMPORT_PAYMENT_METHOD` by default.' }),
  customer_id: line(255).optional().openapi({ description: 'Of orders without one; `IMPORT_CUSTOMER` by default.' }),
  country: z.enum(countries, 'must be an ISO 3166-1 alpha-2 code such as GB').optional().openapi({
    description: 'Of orders without one; `IMPORT_COUNTRY` by default, but not for a file that states addresses.',
  }),
  source: line(100).optional().openapi({
    description:
      'Of orders without one; by default the system that wrote the file. Orders are known by their reference and source: give each of several shops of one system its own.',
  }),
  delimiter: z
    .enum(csvDelimiterNames)
    .optional()
    .openapi({ description: 'What separates the cells; detected from the header line unless given.' }),
  dry_run: flag('Reads and checks everything, writes nothing, and answers what the import would be about.'),
  create_missing: z
    .string()
    .regex(/^(customers|products)(,(customers|products))?$/, 'must be customers, products, or customers,products')
    .optional()
    .openapi({
      description:
        'Creates unknown customers or products in their services, where the services allow it: `customers`, `products` or both, separated by a comma. New products have no stock.',
    }),
  file_name: line(200).optional().openapi({ description: 'Shown with the import.' }),
  ...presetQuery,
  ...historyQuery,
});

const description =
  'Streams a CSV of order lines, up to 100 MB; lines with the same order reference are one order, wherever they stand. The first line is ' +
  'the header. Columns are found by their usual names (`order_reference`, `InvoiceNo`, `sku`, `StockCode`, `quantity`, `qty`, …) or named with ' +
  '`column.<field>`; all others are ignored. UTF-8, UTF-16 with a byte order mark, Windows-1252 and Latin-1, or any encoding that `charset` states; `,` `;` `|` or tabs; with ' +
  '`;`, a price may have a decimal comma. What can not be read for certain is refused with its row and reason, never guessed. Answers once the file is complete and durable; its orders are then placed in the background, as ' +
  'the caller would place them. An order is known by its reference and source: sent again, it is placed again only if it had failed.';

/** `POST /imports`: places the orders of a CSV file. */
export function createImportRoute(api: Api) {
  const slots = createUploadSlots();
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
      200: json(dryRunSchema, 'What a dry run has found.'),
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
      // Refused before any of it is read.
      if (Number(c.req.header('Content-Length') ?? 0) > MAX_FILE_BYTES) throw fileTooLarge();
      const caller = c.get('caller');
      const options = {
        idempotencyKey: c.req.valid('header')['Idempotency-Key'],
        fileName: query.file_name,
        encoding,
        delimiter: query.delimiter && csvDelimiters[query.delimiter],
        ...readingOf(query),
        defaults: defaultsOf(query, api.config.imports.defaults),
        ...takingInOf(query),
        createMissing: createMissingOf(query),
      };
      const body = receiveBody(c, api.config.api.bodySilenceMs);
      if (query.dry_run === true) {
        const found = await slots(caller.subject, () => dryRunFile(api.orders, caller, body, options));
        return c.json(dryRunView(found), 200);
      }
      const job = await slots(caller.subject, () => uploadFile(api.imports, caller, body, options));
      return c.json(await importView(api.database.db, job), 202, { Location: importPath(job.id) });
    },
  });
}

type ImportQuery = z.output<typeof importQuery>;

function createMissingOf({ create_missing: given }: ImportQuery): CreateMissing | undefined {
  const named = given?.split(',');
  return named && { customers: named.includes('customers'), products: named.includes('products') };
}

function defaultsOf(query: ImportQuery, configured: ImportDefaults): ImportDefaults {
  return {
    currency: query.currency ?? configured.currency,
    statedCurrency: query.currency,
    paymentMethod: query.payment_method ?? configured.paymentMethod,
    customerId: query.customer_id ?? configured.customerId,
    statedCustomerId: query.customer_id,
    country: query.country ?? configured.country,
    source: query.source,
    addressCountry: query.country,
  };
}
