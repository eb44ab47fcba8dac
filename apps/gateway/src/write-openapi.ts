/** `pnpm openapi`: writes `docs/openapi.json`. A test fails when that is stale. */
import { writeFile } from 'node:fs/promises';
import { toDocument, toJson } from './openapi/document.js';
import { OPERATIONS } from './openapi/operations/index.js';

await writeFile(new URL('../../../docs/openapi.json', import.meta.url), toJson(toDocument(OPERATIONS)));
