import { FEATURE_SET_NAMES, MODEL_FORMATS, type FeatureSetName, type ModelFormat } from '@facehash/contracts';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { writeFile } from 'node:fs/promises';
import type { CliConfig } from '../config.js';
import type { ConnectionOptions } from '../connection.js';
import { photoFile } from '../photo-file.js';
import { addConnectionOptions, connect } from './connect.js';

type DownloadOptions = ConnectionOptions & { format: ModelFormat; version: string; out?: string };
type ImportOptions = ConnectionOptions & {
  labels: string[];
  threshold?: number;
  features?: FeatureSetName;
  json?: true;
};

/** `facehash model download` and `import`: a key's model to Keras and back. */
export function addModelFileCommands(model: Command, config: CliConfig): void {
  // Otherwise `model` itself would take options it shares with these.
  model.enablePositionalOptions();

  const download = model
    .command('download')
    .description('save a model for Python Keras or TensorFlow.js (docs/keras.md)')
    .addOption(new Option('--format <format>', 'which kind of file').choices(MODEL_FORMATS).default('keras'))
    .option('--version <version>', 'one of the last two, as `model` and trainings name them', 'current')
    .option('--out <file>', 'where to (default: the version, in this folder)');
  addConnectionOptions(download).action(async (options: DownloadOptions) => {
    const client = await connect(options, config);
    const file = await client.models.download(options.version, { format: options.format });
    const out = options.out ?? file.name;
    await writeFile(out, new Uint8Array(await file.arrayBuffer()));
    console.log(out);
  });

  const bring = model
    .command('import')
    .description('put a model that was trained elsewhere in force, until the next training (docs/keras.md)')
    .argument('<file>', 'a .keras or .h5 file')
    .requiredOption('--labels <json>', 'whom each output stands for, such as \'["ada", "grace"]\'', labelsOf)
    .option('--threshold <score>', 'from which output on a name is given', scoreOf)
    .addOption(
      new Option('--features <set>', 'what it takes, where not told by its size').choices(FEATURE_SET_NAMES),
    )
    .option('--json', 'print the job as JSON');
  addConnectionOptions(bring).action(async (path: string, options: ImportOptions) => {
    const { labels, threshold, features } = options;
    const client = await connect(options, config);
    const job = await client.models.import(await photoFile(path), labels, {
      whileTraining: 'wait',
      ...{ threshold, features },
    });
    const { subjects, model: taken } = await job.result();
    if (options.json === true) console.log(JSON.stringify(job.latest));
    else {
      console.log(
        `${taken.version} is in force: ${taken.labels} label(s) on ${taken.features}, threshold ${taken.threshold.toFixed(1)} ` +
          `(${taken.calibration}); ${subjects.created} person(s) made without photos`,
      );
    }
  });
}

function labelsOf(text: string): string[] {
  try {
    const labels: unknown = JSON.parse(text);
    if (Array.isArray(labels) && labels.every((label) => typeof label === 'string')) return labels;
  } catch {
    // As below.
  }
  throw new InvalidArgumentError('Expected a list in JSON, such as ["ada", "grace"].');
}

function scoreOf(text: string): number {
  const score = Number(text);
  if (text.trim() !== '' && Number.isFinite(score)) return score;
  throw new InvalidArgumentError('Expected a number.');
}
