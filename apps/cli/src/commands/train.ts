import { trainResultSchema, type Job } from '@facehash/contracts';
import type { Command } from 'commander';
import { createApiClient } from '../api-client.js';
import type { CliConfig } from '../config.js';
import { findServer, type ConnectionOptions } from '../connection.js';
import { photoFiles } from '../photo-files.js';
import { createProgress } from '../progress.js';
import { addConnectionOptions, noteWait } from './connection-options.js';
import { failureOf } from './job-failure.js';

export function addTrainCommand(program: Command, config: CliConfig): void {
  const command = program
    .command('train')
    .description('enrol a person, or add photos to one, and train the key anew')
    .argument('<label>', 'the name the person is recognised by')
    .argument('<photo...>', 'photos of this person alone; a folder stands for the images in it')
    .option('--json', 'print the job as JSON');
  addConnectionOptions(command).action(
    async (label: string, paths: string[], options: ConnectionOptions & { json?: true }) => {
      const photos = await photoFiles(paths);
      const client = createApiClient({ ...(await findServer(options, config)), onWait: noteWait });
      const progress = createProgress(label);
      const accepted = await client.train(label, photos, (share) => {
        progress.show('uploading', share * 100);
      });
      const job = await client
        .ended(accepted, ({ progress: { stage, percent } }) => {
          progress.show(stage, percent);
        })
        .finally(progress.close);
      if (options.json === true) console.log(JSON.stringify(job));
      if (job.error !== null) throw failureOf(job.error);
      if (options.json !== true) console.log(summary(job));
    },
  );
}

function summary(job: Job): string {
  const { label, photos, model } = trainResultSchema.parse(job.result);
  const refused = photos.refused.map(
    ({ file_name, reason, detail }) => `  ${file_name}: ${reason} — ${detail}`,
  );
  return [
    `${label ?? 'retrained'}: ${photos.accepted} photo(s) used, ${refused.length} refused; the model knows ${model.labels} person(s) from ${model.photos} photos`,
    ...refused,
  ].join('\n');
}
