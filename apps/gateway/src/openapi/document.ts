import { problemSchema } from '@facehash/contracts';
import type { z } from 'zod';
import { answersOf } from './answers.js';
import { fieldSchemas, inlineSchema, namedSchemas, reference, type JsonSchema } from './json-schema.js';
import { REQUEST_HEADERS, RESPONSE_HEADERS } from './headers.js';
import { TAGS, type Operation, type RequestBody } from './operation.js';
import { ANSWER_SCHEMAS, BODY_SCHEMAS } from './schema-names.js';
import { webhookRequests } from './webhook-requests.js';

const SECURITY_SCHEMES = {
  bearerKey: { type: 'http', scheme: 'bearer', description: 'An API key: `Authorization: Bearer KEY`.' },
  headerKey: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Api-Key',
    description: 'The same in a header of its own.',
  },
  adminToken: {
    type: 'http',
    scheme: 'bearer',
    description: 'The admin token: `Authorization: Bearer ADMIN_TOKEN`.',
  },
} as const;

const DESCRIPTION =
  'Send a photo over HTTP, get a name. Calls that look at photos answer with a job; with `Prefer: wait=10` they keep ' +
  'the answer back until it has ended. Every failure is a problem document (RFC 9457): branch on its `code`.';

export type OpenApiDocument = ReturnType<typeof toDocument>;

/** The operations as an OpenAPI 3.1 document. */
export function toDocument(operations: readonly Operation[]) {
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  for (const operation of operations) {
    (paths[operation.path] ??= {})[operation.method] = toOperation(operation);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'FaceHash',
      version: 'v1',
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    webhooks: webhookRequests(),
    components: {
      schemas: { ...namedSchemas(ANSWER_SCHEMAS, 'output'), ...namedSchemas(BODY_SCHEMAS, 'input') },
      headers: Object.fromEntries(
        Object.entries(RESPONSE_HEADERS).map(([name, header]) => [name, { required: true, ...header }]),
      ),
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}

/** As it lies in `docs/openapi.json`. */
export const toJson = (document: OpenApiDocument): string => `${JSON.stringify(document, null, 2)}\n`;

export type OpenApiOperation = ReturnType<typeof toOperation>;

function toOperation(operation: Operation) {
  const { id, tag, summary, description, body } = operation;
  const tags: readonly string[] = [tag];
  return {
    operationId: id,
    tags,
    summary,
    ...(description !== undefined && { description }),
    security: securityOf(operation),
    parameters: parametersOf(operation),
    ...(body && { requestBody: toRequestBody(body) }),
    responses: answersOf(operation, reference(ANSWER_SCHEMAS, problemSchema)),
  };
}

/** OpenAPI 3.1 lets a requirement name roles: here the scope a key must have. */
function securityOf({ access }: Operation): Record<string, string[]>[] {
  if (access === 'open') return [];
  if (access === 'admin') return [{ adminToken: [] }];
  const scopes = access === 'key' ? [] : [access];
  return [{ bearerKey: scopes }, { headerKey: scopes }];
}

interface OpenApiParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  readonly schema?: JsonSchema;
  readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>>;
  readonly style?: string;
  readonly explode?: boolean;
}

function parametersOf(operation: Operation): OpenApiParameter[] {
  const { pathParameters = {}, query, headers = [], body } = operation;
  const inPath = Object.entries(pathParameters).map(([name, schema]) => ({
    ...{ name, in: 'path' as const, required: true, schema: inlineSchema(schema) },
  }));
  const fields = query ?? (body?.image === true ? body.form?.fields : undefined);
  const asQuery = (fields ? fieldSchemas(fields) : []).map(({ name, schema, required }) => ({
    ...{ name, in: 'query' as const, required, ...inQuery(schema) },
  }));
  const inHeader = headers.map((name) => ({
    ...{ name, in: 'header' as const, required: false },
    ...REQUEST_HEADERS[name],
  }));
  return [...inPath, ...asQuery, ...inHeader];
}

/** A list is one text with commas, an object is JSON. */
function inQuery(schema: JsonSchema): Pick<OpenApiParameter, 'schema' | 'content' | 'style' | 'explode'> {
  if (schema.type === 'array') return { ...LIST_AS_TEXT, schema };
  if (schema.type === 'object') return { content: { 'application/json': { schema } } };
  return { schema };
}

const LIST_AS_TEXT = { style: 'form', explode: false } as const;

function toRequestBody({ required, json, form, image }: RequestBody) {
  const content: Record<string, { schema: object; encoding?: object }> = {};
  if (json) content['application/json'] = { schema: reference(BODY_SCHEMAS, json) };
  if (form) content['multipart/form-data'] = { schema: toFormSchema(form), ...encodingOf(form.fields) };
  if (image === true) content['image/*'] = { schema: { type: 'string', format: 'binary' } };
  return { required, content };
}

/** Objects are JSON in a form anyway, and lists where they say so. */
function encodingOf(fields: z.ZodObject) {
  const lists = fieldSchemas(fields).filter(({ schema }) => schema.type === 'array');
  if (lists.length === 0) return {};
  return {
    encoding: Object.fromEntries(
      lists.map(({ name, schema }) => [
        name,
        schema.contentMediaType === 'application/json' ? { contentType: 'application/json' } : LIST_AS_TEXT,
      ]),
    ),
  };
}

function toFormSchema({ fields, files, together }: NonNullable<RequestBody['form']>) {
  const binary = { type: 'string', format: 'binary' } as const;
  const text = fieldSchemas(fields);
  const entries = Object.entries(files);
  return {
    type: 'object',
    properties: {
      ...Object.fromEntries(text.map(({ name, schema }) => [name, schema])),
      ...Object.fromEntries(
        entries.map(([name, { many, description }]) => [
          name,
          many ? { type: 'array', items: binary, minItems: 1, description } : { ...binary, description },
        ]),
      ),
    },
    required: [
      ...text.filter(({ required }) => required).map(({ name }) => name),
      ...entries.filter(([, { required }]) => required).map(([name]) => name),
    ],
    ...(together && { dependentRequired: { [together[0]]: [together[1]], [together[1]]: [together[0]] } }),
    additionalProperties: false,
  };
}
