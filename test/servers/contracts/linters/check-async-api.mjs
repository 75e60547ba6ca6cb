// Reads an AsyncAPI document as its public parser does, and holds the examples of its messages against their schemas, which that leaves out.
import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const text = readFileSync(process.argv[2] ?? '', 'utf8');
const { document, diagnostics } = await new Parser().parse(text);
const faults = diagnostics
  .filter(({ code }) => code !== 'asyncapi-latest-version')
  .map(({ code, message, path }) => `${path.join('/')}: ${message} (${code})`);

const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);
const { components } = JSON.parse(text);
ajv.addSchema({ $id: 'https://orders.invalid/asyncapi', components });
let checked = 0;
for (const [name, { examples }] of Object.entries(components.messages)) {
  for (const example of examples) {
    for (const part of Object.keys(example)) {
      const isValid = ajv.compile({ $ref: `https://orders.invalid/asyncapi#/components/messages/${name}/${part}` });
      checked += 1;
      if (!isValid(example[part])) faults.push(`${name}: ${ajv.errorsText(isValid.errors)}`);
    }
  }
}
process.stdout.write(`${JSON.stringify({ faults, checked, messages: document?.allMessages().length ?? 0 })}\n`);
