// Writes the types of the API from its OpenAPI document: node write_api_types.js ADDRESS FILE
import { writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

const [address, file] = process.argv.slice(2);
const api = await (await fetch(address)).json();
for (const operations of Object.values(api.paths)) {
  delete operations.head; // which the page does not send
  // Errors are an ErrorEnvelope, whatever was asked.
  for (const { responses } of Object.values(operations)) {
    for (const status of Object.keys(responses)) if (responses[status].$ref) delete responses[status];
  }
}
delete api.components.responses;

const text = astToString(await openapiTS(api))
  // What there is not needs no line, and any header may come.
  .replace(/^ *\w+\?: never;\n/gm, '')
  .replace(/^ *headers: \{\n *\[name: string\]: unknown;\n *\};\n/gm, '')
  .replace(/^ *parameters: \{\n *\};\n/gm, '');
writeFileSync(file, `// Generated from /openapi.json by \`make ui-types\`: do not edit.\n\n${text}`);
