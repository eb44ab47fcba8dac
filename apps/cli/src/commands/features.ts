import { FEATURE_SET_NAMES, type FeatureSetName } from '@facehash/contracts';
import { Option, type Command } from 'commander';
import type { CliConfig } from '../config.js';
import { runWorkerProgram } from '../worker-program.js';

interface FeaturesOptions {
  readonly out: string;
  readonly features: FeatureSetName;
}

export function addFeaturesCommand(program: Command, config: CliConfig): void {
  program
    .command('features')
    .description('write what a model of your own is trained on (docs/keras.md); needs no server')
    .argument('<people>', 'a folder with a folder of photos per person')
    .option('--out <dir>', 'where features.npy, labels.json and refused.json go', 'facehash-features')
    .addOption(
      new Option('--features <set>', 'which numbers').choices(FEATURE_SET_NAMES).default('embedding'),
    )
    .action(async (people: string, { out, features }: FeaturesOptions) => {
      const args = ['--people', people, '--out', out, '--features', features];
      process.exitCode = await runWorkerProgram('features', args, config.environment);
    });
}
