import { html, joined, NOTHING, prose, type Html } from './html.js';

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly default?: unknown;
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema | false;
  readonly prefixItems?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
}

export interface Field {
  readonly name: string;
  readonly required: boolean;
  readonly schema: object;
  /** Where a parameter stands. */
  readonly place?: string;
}

export function schemaSection(name: string, schema: object): Html {
  return html`<article id="schema-${name}">
    <h3>${name}</h3>
    ${fieldTable(fieldsOf(schema))}
  </article> `;
}

/** The fields of an object; those of an object in it follow, by their path. */
function fieldsOf(schema: Schema, prefix = ''): Field[] {
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).flatMap(([key, value]) => {
    const name = `${prefix}${key}`;
    const field = { name, required: required.includes(key), schema: value };
    const inner = innerObject(value);
    return [field, ...(inner ? fieldsOf(inner.schema, `${name}${inner.mark}.`) : [])];
  });
}

function innerObject(schema: Schema): { schema: Schema; mark: string } | undefined {
  if (schema.properties) return { schema, mark: '' };
  if (schema.items) {
    const inner = innerObject(schema.items);
    return inner && { schema: inner.schema, mark: `[]${inner.mark}` };
  }
  return schema.anyOf?.map(innerObject).find((inner) => inner !== undefined);
}

export function fieldTable(fields: readonly Field[]): Html {
  const rows = fields.map(({ name, required, schema, place }) => {
    const { description, default: preset } = schema as Schema;
    const notes = [
      ...(place === undefined ? [] : [`in ${place}`]),
      ...(required ? [] : ['optional']),
      ...(preset === undefined ? [] : [`default ${JSON.stringify(preset)}`]),
    ];
    return html`<tr>
      <td><code>${name}</code></td>
      <td>
        ${typeOf(schema)}${
          notes.length === 0 ? '' : html` <span class="note">${notes.join(', ')}</span>`
        }${description === undefined ? NOTHING : html`<br />${prose(description)}`}
      </td>
    </tr> `;
  });
  return html`<table>
    ${joined(rows)}
  </table> `;
}

/** A type in a few words. */
export function typeOf(schema: Schema): Html {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1)!;
    return html`<a href="#schema-${name}">${name}</a>`;
  }
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.enum)
    return between(
      schema.enum.map((value) => html`<code>${JSON.stringify(value)}</code>`),
      ' | ',
    );
  if (schema.anyOf) return between(schema.anyOf.map(typeOf), ' or ');
  if (schema.prefixItems) return html`[${between(schema.prefixItems.map(typeOf), ', ')}]`;
  if (schema.items) return html`array of ${typeOf(schema.items)}`;
  if (schema.type === 'object' && typeof schema.additionalProperties === 'object') {
    const { additionalProperties: values } = schema;
    return Object.keys(values).length === 0 ? html`object` : html`object of ${typeOf(values)}`;
  }
  if (schema.format === 'binary') return html`file`;
  return html`${[schema.type ?? 'anything'].flat().join(' or ')}${limits(schema)}`;
}

function limits({ format, pattern, minimum, maximum, minLength, maxLength }: Schema): Html {
  const range = [
    ...(minimum === undefined ? [] : [`at least ${minimum}`]),
    ...(maximum === undefined ? [] : [`at most ${maximum}`]),
    ...(minLength === undefined ? [] : [`at least ${minLength} characters`]),
    ...(maxLength === undefined ? [] : [`at most ${maxLength} characters`]),
  ];
  return html`${format === undefined ? '' : ` (${format})`}${range.length === 0 ? '' : `, ${range.join(', ')}`}${
    pattern === undefined ? NOTHING : html` <code>${pattern}</code>`
  }`;
}

const between = (parts: readonly Html[], separator: string): Html =>
  joined(parts.flatMap((part, at) => (at === 0 ? [part] : [html`${separator}`, part])));
