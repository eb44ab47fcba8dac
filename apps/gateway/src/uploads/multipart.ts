import type { Request, Response } from 'express';
import multer, { type StorageEngine } from 'multer';
import type { Readable } from 'node:stream';
import { multipartProblem, type FormLimits } from './multipart-problem.js';

export interface MultipartForm extends FormLimits {
  /** Called for each file as soon as its first byte is here; the next file comes when this one has been read. */
  store(source: Readable, fileName: string, field: string): Promise<void>;
}

/** Far above what our forms have: a caller meets our own messages first, an attacker these. */
const MAX_TEXT_FIELDS = 20;
/** The largest metadata: 16 pairs of 64 + 512 UTF-16 units, each up to three bytes, and the JSON around them. */
const TEXT_BYTES = 32 * 1024;
const LIMITS = {
  fields: MAX_TEXT_FIELDS,
  fieldNameSize: 100,
  headerPairs: 50,
  // Without these two, `a[b][c]…` and `a[999999]` build deep objects and huge arrays (CVE-2026-5079, -82333).
  fieldNestingDepth: 0,
  fieldArrayIndexLimit: 0,
};

/**
 * Reads a multipart body, handing each file to `form.store`.
 * @returns the text fields, by name
 * @throws AppError: what `store` threw, or what is wrong with the body
 */
export async function receiveMultipart(req: Request, res: Response, form: MultipartForm): Promise<object> {
  const engine: StorageEngine = {
    _handleFile(_req, file, callback) {
      form.store(file.stream, printableName(file.originalname), file.fieldname).then(() => {
        callback(null, {});
      }, callback);
    },
    // multer does not call this when the client hangs up, so RequestUploads deletes, whichever way a request fails.
    _removeFile(_req, _file, callback) {
      callback(null);
    },
  };
  const limits = {
    ...LIMITS,
    fileSize: form.maxBytes,
    fieldSize: form.maxTextBytes ?? TEXT_BYTES,
    files: form.maxFiles,
    parts: form.maxFiles + MAX_TEXT_FIELDS,
  };
  // File names come as UTF-8 from every browser; multer's default is latin1.
  const fields = form.fields.map((name) => ({ name, maxCount: form.maxFiles }));
  const parse = multer({ storage: engine, limits, defParamCharset: 'utf8' }).fields(fields);
  await new Promise<void>((resolve, reject) => {
    parse(req, res, (error: unknown) => {
      if (error === undefined || error === null) resolve();
      else reject(multipartProblem(error, form));
    });
  });
  return { ...(req.body as object | undefined) };
}

/** The caller's name of a file goes into reports and terminals. */
function printableName(name: string): string {
  return name.replaceAll(/\p{Cc}/gu, '').slice(0, 255) || 'unnamed';
}
