import { PROBLEM_CONTENT_TYPE } from '@facehash/contracts';
import type { OpenApiResponse } from '../answers.js';
import type { OpenApiOperation } from '../document.js';
import { html, joined, NOTHING, prose, type Html } from './html.js';
import { fieldTable, typeOf } from './schema-section.js';

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly operation: OpenApiOperation;
}

export function operationSection({ method, path, operation }: Call): Html {
  const { operationId, summary, description = '', responses } = operation;
  return html`<article id="${operationId}">
    <h3><b>${method}</b> ${path}</h3>
    <p><strong>${summary}.</strong> ${prose(description)}</p>
    <p class="access">${prose(accessOf(operation))}</p>
    ${parameters(operation)}${body(operation)}
    <h4>Answers</h4>
    <table>
      ${joined(Object.entries(responses).map(([status, response]) => answer(status, response)))}
    </table>
  </article> `;
}

function accessOf({ security }: OpenApiOperation): string {
  const [first] = security;
  if (first === undefined) return 'Needs no key.';
  if ('adminToken' in first) return 'Needs the admin token.';
  const scopes = Object.values(first).flat();
  return scopes.length === 0 ? 'Needs a key.' : `Needs a key with the scope \`${scopes.join('`, `')}\`.`;
}

function parameters({ parameters: all }: OpenApiOperation): Html {
  if (all.length === 0) return NOTHING;
  const rows = all.map(({ name, in: place, required, description, schema, content }) => {
    const type = schema ?? content?.['application/json']?.schema;
    return { name, required, place, schema: { ...type, ...(description !== undefined && { description }) } };
  });
  return html`<h4>Parameters</h4>
    ${fieldTable(rows)}`;
}

function body({ requestBody }: OpenApiOperation): Html {
  if (requestBody === undefined) return NOTHING;
  const kinds = Object.entries(requestBody.content).map(([mediaType, { schema }]) => {
    const { properties, required = [] } = schema as {
      properties?: Record<string, object>;
      required?: string[];
    };
    const type = html`<p><code>${mediaType}</code> ${properties ? NOTHING : typeOf(schema)}</p> `;
    if (properties === undefined) return type;
    const fields = Object.entries(properties).map(([name, of]) => ({
      ...{ name, schema: of, required: required.includes(name) },
    }));
    return html`${type}${fieldTable(fields)}`;
  });
  return html`<h4>Body${requestBody.required ? '' : ', if any'}</h4>
    ${joined(kinds)}`;
}

function answer(status: string, { description, headers, content = {} }: OpenApiResponse): Html {
  // Failures are all of one type, as the page says at its beginning.
  const types = Object.entries(content).filter(([mediaType]) => mediaType !== PROBLEM_CONTENT_TYPE);
  const bodies = types.map(([mediaType, { schema }]) =>
    schema ? typeOf(schema) : html`<code>${mediaType}</code>`,
  );
  const named = Object.keys(headers).filter((name) => name !== 'X-Request-Id' && name !== 'Cache-Control');
  return html`<tr>
    <td><b>${status}</b></td>
    <td>
      ${prose(description)}
      ${joined(bodies)}${
        named.length === 0 ? '' : html` <span class="note">Headers: ${named.join(', ')}</span>`
      }
    </td>
  </tr> `;
}
