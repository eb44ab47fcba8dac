import type { FeatureSetName, ImportResult, ModelFormat } from '@facehash/contracts';
import type { JobHandle } from './job-handle.js';
import type { Photo } from './photo.js';
import type { CallOptions, Send } from './send.js';
import { submit, type SubmitOptions } from './submit.js';

export interface DownloadOptions extends CallOptions {
  /** `keras` unless told otherwise; `tfjs` comes as a zip. */
  readonly format?: ModelFormat | undefined;
}

export interface ImportOptions extends SubmitOptions {
  /** From which output on a name is given; without it, one that 1 % of drawn strangers reach. */
  readonly threshold?: number | undefined;
  /** Told by the number of the model's inputs unless given. */
  readonly features?: FeatureSetName | undefined;
}

/** A key's models as files for Keras and TensorFlow.js. */
export interface Models {
  /** @param version `current`, or one of the last two @throws FaceHashError NOT_FOUND */
  download(version?: string, options?: DownloadOptions): Promise<File>;
  /**
   * Puts a model trained elsewhere in force, until the next training.
   * @param model a .keras or .h5 file
   * @param labels whom each output stands for, in their order
   */
  import(model: Photo, labels: readonly string[], options?: ImportOptions): Promise<JobHandle<ImportResult>>;
}

export function models(send: Send): Models {
  return {
    download: (version = 'current', { format = 'keras', signal } = {}) =>
      send(
        { path: `/v1/models/${encodeURIComponent(version)}/download?format=${format}`, signal },
        async (response) => new File([await response.blob()], fileName(response) ?? `${version}.${format}`),
      ),
    import: (model, labels, options) =>
      // As JSON: labels may hold commas.
      submit(
        send,
        { path: '/v1/models', fields: { labels: JSON.stringify(labels) }, files: [['model', model]] },
        options,
      ),
  };
}

const fileName = ({ headers }: Response): string | undefined =>
  /filename="([^"/\\]+)"/.exec(headers.get('content-disposition') ?? '')?.[1];
