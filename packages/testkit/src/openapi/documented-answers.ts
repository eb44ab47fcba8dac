import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import { STATUS_CODES } from 'node:http';

export interface AnswerToCheck {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  /** Undefined: not to be looked at, as of a stream that has no end yet. */
  readonly text: string | undefined;
}

/** What it says of answers, as far as they are checked by hand; the schemas are the validator's. */
interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly responses: Readonly<Record<string, OpenApiResponse>>;
}

interface OpenApiResponse {
  readonly headers?: Readonly<Record<string, object>>;
  readonly content?: Readonly<Record<string, { readonly schema?: object }>>;
}

let opened: ReturnType<typeof openDocument> | undefined;

/** `docs/openapi.json`, which a test of the gateway compares with what it serves. */
function openDocument() {
  const file = new URL('../../../../docs/openapi.json', import.meta.url);
  const document = JSON.parse(readFileSync(file, 'utf8')) as OpenApiDocument;
  // Strict mode would refuse what a whole OpenAPI document holds beside schemas.
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document, 'openapi');
  // OpenAPI: a path without a template goes before one that has it.
  const templates = Object.keys(document.paths).sort((a, b) => a.split('{').length - b.split('{').length);
  const validators = new Map<string, ValidateFunction>();

  return {
    paths: document.paths,
    templateOf: (pathname: string) => templates.find((template) => toPattern(template).test(pathname)),
    /** What is wrong with a value; undefined when nothing is. */
    faultOf(value: unknown, schemaAt: readonly string[]): string | undefined {
      const pointer = schemaAt.map((step) => encodeURIComponent(toPointer(step))).join('/');
      const validate = validators.get(pointer) ?? ajv.compile({ $ref: `openapi#/${pointer}` });
      validators.set(pointer, validate);
      return validate(value) ? undefined : ajv.errorsText(validate.errors);
    },
  };
}

/**
 * @throws Error for an answer that `docs/openapi.json` does not hold: its status, type, headers or body. `pnpm openapi`
 * writes that file when the operations have changed.
 */
export function assertDocumented(answer: AnswerToCheck): void {
  const { method, url, status, headers, text } = answer;
  opened ??= openDocument();
  const { pathname } = new URL(url);
  const path = opened.templateOf(pathname);
  const where = `${method} ${path ?? pathname} answered ${status} ${STATUS_CODES[status] ?? ''}`;
  const operations = path === undefined ? {} : opened.paths[path]!;
  const operation = operations[method === 'HEAD' ? 'get' : method.toLowerCase()];
  if (operation === undefined || status === 405) {
    assertRefusal(where, Object.keys(operations), answer);
    return;
  }
  const response = operation.responses[status];
  if (response === undefined) throw new Error(`${where}, which is not documented: ${text ?? ''}`);
  for (const [name, header] of Object.entries(response.headers ?? {})) {
    if (isRequired(header) && !headers.has(name)) throw new Error(`${where} without its header ${name}`);
  }
  const [mediaType] = (headers.get('content-type') ?? '').split(';');
  const content = Object.keys(response.content ?? {});
  if (!(content.length === 0 ? [''] : content).includes(mediaType!)) {
    throw new Error(`${where} as "${mediaType!}", documented is "${content.join()}"`);
  }
  if (text === undefined || text === '' || response.content?.[mediaType!]?.schema === undefined) return;
  const at = ['paths', path!, method.toLowerCase(), 'responses', String(status), 'content', mediaType!];
  const fault = opened.faultOf(JSON.parse(text), [...at, 'schema']);
  if (fault !== undefined) throw new Error(`${where} with another body than documented: ${fault}\n${text}`);
}

/** What no operation answers: OPTIONS, a method that the address does not take, an address that is none. */
function assertRefusal(where: string, methods: readonly string[], answer: AnswerToCheck): void {
  const { method, status, headers } = answer;
  if (methods.length === 0) {
    if (status !== 404 && status !== 400) throw new Error(`${where}, but no operation is documented there`);
    return;
  }
  if (status !== (method === 'OPTIONS' ? 204 : 405) && status !== 400) {
    throw new Error(`${where}, but the method is not documented`);
  }
  const allowed = (headers.get('allow') ?? '').toLowerCase().split(', ');
  const known = allowed.filter((name) => name !== 'head' && name !== 'options');
  if (status !== 400 && known.sort().join() !== [...methods].sort().join()) {
    throw new Error(`${where} with Allow: ${allowed.join(', ')}, documented are ${methods.join(', ')}`);
  }
}

const toPattern = (template: string) => new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}/?$`, 'i');

const toPointer = (step: string) => step.replaceAll('~', '~0').replaceAll('/', '~1');

const isRequired = (header: object) => '$ref' in header || ('required' in header && header.required === true);
