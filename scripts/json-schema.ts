import { readFileSync, writeFileSync } from 'node:fs';

import { renderJsonSchema } from './render-json-schema.ts';

const document = readFileSync(new URL('../docs/configuration.md', import.meta.url), 'utf8');
writeFileSync(new URL('../nightdesk.schema.json', import.meta.url), renderJsonSchema(document));
