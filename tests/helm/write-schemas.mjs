/**
 * JSON schemas for kubeconform, strict, from what Kubernetes publishes itself: its OpenAPI document and definitions of custom
 * resources. A file a kind, as kubeconform calls them by default: deployment-apps-v1.json.
 *
 *   node write-schemas.mjs OUT swagger.json CRD.json...
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const [out, swagger, ...crds] = process.argv.slice(2);
const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** What the OpenAPI document calls strings and the server also takes as numbers. */
const ALSO_NUMBERS = new Set([
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
  'io.k8s.apimachinery.pkg.api.resource.Quantity',
]);

mkdirSync(out, { recursive: true });

const definitions = Object.fromEntries(
  Object.entries(readJson(swagger).definitions).map(([name, schema]) => [
    name,
    ALSO_NUMBERS.has(name) ? { type: ['string', 'number'] } : strict(schema),
  ]),
);
for (const [name, schema] of Object.entries(definitions)) {
  for (const { group, version, kind } of schema['x-kubernetes-group-version-kind'] ?? []) {
    write({ group, version, kind }, { ...schema, definitions: reachedFrom(name) });
  }
}

for (const file of crds) {
  const { group, names, versions } = readJson(file).spec;
  for (const { name, schema } of versions) {
    const { properties, ...others } = strict(schema.openAPIV3Schema);
    // The server knows the metadata of everything; definitions leave it out.
    write(
      { group, version: name, kind: names.kind },
      { ...others, properties: { ...properties, metadata: {} } },
    );
  }
}

function write({ group, version, kind }, schema) {
  const suffix = [group.split('.')[0], version].filter(Boolean).join('-').toLowerCase();
  writeFileSync(path.join(out, `${kind.toLowerCase()}-${suffix}.json`), JSON.stringify(schema));
}

/** A property that the schema does not name is a mistake, unless it says that any may come. */
function strict(schema) {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== 'object' || schema === null) return schema;
  if (schema['x-kubernetes-int-or-string'] === true) return { type: ['string', 'number'] };
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, strict(value)]));
  const isClosed =
    typeof schema.properties === 'object' &&
    schema.type === 'object' &&
    schema.additionalProperties === undefined &&
    schema['x-kubernetes-preserve-unknown-fields'] !== true;
  return isClosed ? { ...inner, additionalProperties: false } : inner;
}

function reachedFrom(name, reached = {}) {
  for (const [, other] of JSON.stringify(definitions[name]).matchAll(/"#\/definitions\/([^"]+)"/g)) {
    if (other in reached) continue;
    reached[other] = definitions[other];
    reachedFrom(other, reached);
  }
  return reached;
}
