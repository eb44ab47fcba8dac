import type { Client, JobHandle, JobProgress, SubmitOptions, TrainResult } from '@facehash/client';
import type { Command } from 'commander';
import type { CliConfig } from '../config.js';
import type { ConnectionOptions } from '../connection.js';
import { readConsent } from '../consent-file.js';
import { photoFile } from '../photo-file.js';
import { photoFiles } from '../photo-files.js';
import { createProgress } from '../progress.js';
import { trainSummary } from '../train-summary.js';
import { addConnectionOptions, connect } from './connect.js';

type TrainOptions = ConnectionOptions & { json?: true; consent?: string };
type Start = (client: Client, options: SubmitOptions) => Promise<JobHandle<TrainResult>>;

export function addTrainCommands(program: Command, config: CliConfig): void {
  const train = program
    .command('train')
    .description('enrol a person, or add photos to one, and train the key anew')
    .argument('<label>', 'the name the person is recognised by')
    .argument('<photo...>', 'photos of this person alone; a folder stands for the images in it')
    .option('--consent <file>', 'JSON with the record of the consent of the person')
    .option('--json', 'print the job as JSON');
  addConnectionOptions(train).action(async (label: string, paths: string[], options: TrainOptions) => {
    const photos = await Promise.all((await photoFiles(paths)).map(photoFile));
    const consent = options.consent === undefined ? {} : { consent: await readConsent(options.consent) };
    await run(label, options, (client, call) => client.train(label, photos, { ...call, ...consent }));
  });

  const retrain = program
    .command('retrain')
    .description('train the key anew on the photos that are there')
    .option('--json', 'print the job as JSON');
  addConnectionOptions(retrain).action((options: TrainOptions) =>
    run('retrain', options, (client, call) => client.retrain(call)),
  );

  async function run(title: string, options: TrainOptions, start: Start): Promise<void> {
    const client = await connect(options, config);
    const progress = createProgress(title);
    const onProgress = ({ stage, percent }: JobProgress): void => {
      progress.show(stage, percent);
    };
    const job = await start(client, { onProgress, whileTraining: 'wait' });
    await job.wait().finally(progress.close);
    if (options.json === true) console.log(JSON.stringify(job.latest));
    const result = await job.result();
    if (options.json !== true) console.log(trainSummary(result));
  }
}
