import { z } from 'zod';

export type JsonSchema = Readonly<Record<string, unknown>>;

type Direction = 'input' | 'output';

const refTo = (name: string): string => `#/components/schemas/${name}`;

/** The named schemas of one direction as JSON Schema; where one holds another it refers to it by name. */
export function namedSchemas(
  named: Readonly<Record<string, z.ZodType>>,
  io: Direction,
): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { ...options(io), uri: refTo });
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, withoutIds(schema)]));
}

/** A reference to a named schema. @throws Error for one that has no name */
export function reference(named: Readonly<Record<string, z.ZodType>>, schema: z.ZodType): { $ref: string } {
  const name = Object.keys(named).find((candidate) => named[candidate] === schema);
  if (name === undefined) {
    const fields = schema instanceof z.ZodObject ? Object.keys(schema.shape).join(', ') : schema.type;
    throw new Error(`The schema of a body (${fields}) has no name: give it one in schema-names.ts.`);
  }
  return { $ref: refTo(name) };
}

/** A schema of a parameter or of a form's fields, written out where it stands. */
export function inlineSchema(schema: z.ZodType): JsonSchema {
  return withoutIds(z.toJSONSchema(schema, options('input')));
}

/**
 * The fields of a form or a query, one by one, as what their text stands for: OpenAPI knows that a form carries numbers,
 * lists and objects as text.
 */
export function fieldSchemas(fields: z.ZodObject): { name: string; schema: JsonSchema; required: boolean }[] {
  const { required = [] } = inlineSchema(fields) as { required?: string[] };
  const { properties = {} } = z.toJSONSchema(fields, options('output')) as {
    properties?: Record<string, JsonSchema>;
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    schema,
    required: required.includes(name),
  }));
}

function options(io: Direction) {
  return {
    target: 'draft-2020-12',
    io,
    override({ jsonSchema }: { jsonSchema: Record<string, unknown> }) {
      // The pattern of a date with its leap years is 300 characters that no reader needs beside the format.
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
      // What JavaScript can count to is no limit of ours.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  } as const;
}

/** In an OpenAPI document the place of a schema says both. */
function withoutIds(schema: object): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema' && key !== '$id'));
}
