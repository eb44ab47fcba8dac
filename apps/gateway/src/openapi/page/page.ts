import type { OpenApiDocument } from '../document.js';
import { html, joined, prose } from './html.js';
import { operationSection } from './operation-section.js';
import { schemaSection } from './schema-section.js';
import { STYLE } from './style.js';

/** The document as a page for people: plain HTML that loads nothing and needs no script. */
export function toPage(document: OpenApiDocument): string {
  const { info, tags, paths, components } = document;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );
  const chapters = tags.map(({ name, description }) => ({
    ...{ name, description },
    operations: operations.filter(({ operation }) => operation.tags.includes(name)),
  }));
  const schemas = Object.entries(components.schemas);

  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${info.title} API</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <header>
          <h1>${info.title} API ${info.version}</h1>
          <p>${prose(info.description)}</p>
          <p>For programs: <a href="/openapi.json">OpenAPI ${document.openapi}</a>.</p>
        </header>
        <nav>
          ${joined(
            chapters.map(
              ({ name, operations: own }) =>
                html`<h2><a href="#${name}">${name}</a></h2>
                  <ul>
                    ${joined(
                      own.map(
                        ({ method, path, operation }) =>
                          html`<li>
                            <a href="#${operation.operationId}"><b>${method}</b> ${path}</a>
                          </li>`,
                      ),
                    )}
                  </ul> `,
            ),
          )}
          <h2><a href="#schemas">Schemas</a></h2>
        </nav>
        <main>
          ${joined(
            chapters.map(
              ({ name, description, operations: own }) =>
                html`<section id="${name}">
                  <h2>${name}</h2>
                  <p>${prose(description)}</p>
                  ${joined(own.map((call) => operationSection(call)))}
                </section> `,
            ),
          )}
          <section id="schemas">
            <h2>Schemas</h2>
            ${joined(schemas.map(([name, schema]) => schemaSection(name, schema)))}
          </section>
        </main>
      </body>
    </html> `.html;
}
