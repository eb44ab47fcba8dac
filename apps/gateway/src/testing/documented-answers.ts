import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { STATUS_CODES } from 'node:http';
import { toDocument } from '../openapi/document.js';
import { OPERATIONS } from '../openapi/operations/index.js';

export interface AnswerToCheck {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

const document = JSON.parse(JSON.stringify(toDocument(OPERATIONS))) as ReturnType<typeof toDocument>;
// Strict mode would refuse what a whole OpenAPI document holds beside schemas.
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(document, 'openapi');

/** OpenAPI: a path without a template goes before one that has it. */
const TEMPLATES = Object.keys(document.paths).sort((a, b) => a.split('{').length - b.split('{').length);

/** @throws Error for an answer that the OpenAPI document does not hold: its status, type, headers or body */
export function assertDocumented(answer: AnswerToCheck): void {
  const { method, url, status, headers, text } = answer;
  const { pathname } = new URL(url);
  const path = TEMPLATES.find((template) => toPattern(template).test(pathname));
  const where = `${method} ${path ?? pathname} answered ${status} ${STATUS_CODES[status] ?? ''}`;
  const operations = path === undefined ? {} : document.paths[path]!;
  const operation = operations[method === 'HEAD' ? 'get' : method.toLowerCase()];
  if (operation === undefined || status === 405) {
    assertRefusal(where, Object.keys(operations), answer);
    return;
  }
  const response = operation.responses[status];
  if (response === undefined) throw new Error(`${where}, which is not documented: ${text}`);
  for (const [name, header] of Object.entries(response.headers)) {
    if (isRequired(header) && !headers.has(name)) throw new Error(`${where} without its header ${name}`);
  }
  const [mediaType] = (headers.get('content-type') ?? '').split(';');
  const content = Object.keys(response.content ?? {});
  if (!(content.length === 0 ? [''] : content).includes(mediaType!)) {
    throw new Error(`${where} as "${mediaType!}", documented is "${content.join()}"`);
  }
  if (text === '' || response.content?.[mediaType!]?.schema === undefined) return;
  const at = ['paths', path!, method.toLowerCase(), 'responses', status, 'content', mediaType!, 'schema'];
  const validate = validator(at.map((step) => encodeURIComponent(toPointer(String(step)))).join('/'));
  if (validate(JSON.parse(text))) return;
  throw new Error(`${where} with another body than documented: ${ajv.errorsText(validate.errors)}\n${text}`);
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

const validators = new Map<string, ValidateFunction>();

function validator(pointer: string): ValidateFunction {
  const known = validators.get(pointer) ?? ajv.compile({ $ref: `openapi#/${pointer}` });
  validators.set(pointer, known);
  return known;
}
