import { documentedFetch } from '@facehash/testkit';
import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { send } from '../testing/requests.js';
import { useGateway } from '../testing/use-gateway.js';
import { OPERATIONS } from './operations/index.js';
import { toDocument, toJson, type OpenApiDocument } from './document.js';

const gateway = useGateway();

describe('the documentation', () => {
  it('lies in docs/openapi.json as it is; `pnpm openapi` writes it', async () => {
    const file = new URL('../../../../docs/openapi.json', import.meta.url);
    expect(await readFile(file, 'utf8')).toBe(toJson(toDocument(OPERATIONS)));
  });

  it('has an operation for each route and a route for each operation', () => {
    const documented = OPERATIONS.map(({ method, path }) => `${method} ${path}`);
    expect(gateway.routes().sort()).toEqual(documented.sort());
  });

  it('is served as OpenAPI', async () => {
    const { status, body } = await send<OpenApiDocument>(`${gateway.url}/openapi.json`);
    expect([status, body.openapi]).toEqual([200, '3.1.0']);
  });

  it('is served as a page that loads nothing', async () => {
    const response = await documentedFetch(`${gateway.url}/docs`);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const page = await response.text();
    for (const { path, summary } of OPERATIONS) {
      expect(page).toContain(path);
      expect(page).toContain(summary.replaceAll("'", '&#39;'));
    }
    expect(page).not.toMatch(/<script|src=|<link/);
  });
});
