import type { Command } from 'commander';
import type { CliConfig } from '../config.js';
import type { ConnectionOptions } from '../connection.js';
import { photoFile } from '../photo-file.js';
import { addConnectionOptions, connect } from './connect.js';

type VerifyOptions = ConnectionOptions & { label?: string; threshold?: string; json?: true };

export function addVerifyCommand(program: Command, config: CliConfig): void {
  const command = program
    .command('verify')
    .description('say whether a photo shows the person of another photo, or of a label')
    .argument('<photo>', 'the photo in question')
    .argument('[reference]', 'a photo of the person')
    .option('--label <label>', 'the enrolled person, instead of a second photo')
    .option('--threshold <score>', 'from which score on they are the same person')
    .option('--json', 'print the job as JSON');
  addConnectionOptions(command).action(
    async (photo: string, reference: string | undefined, options: VerifyOptions) => {
      const { label, threshold: asked } = options;
      if ((label === undefined) === (reference === undefined)) {
        throw new Error('Expected either a second photo or --label, to compare the photo with.');
      }
      const client = await connect(options, config);
      const against = label ?? (await photoFile(reference!));
      const job = await client.verify(await photoFile(photo), against, {
        whileTraining: 'wait',
        ...(asked !== undefined && { threshold: Number(asked) }),
      });
      const { match, score, threshold, confidence } = await job.result();
      if (options.json === true) console.log(JSON.stringify(job.latest));
      else {
        const figures = `score ${score.toFixed(1)}, threshold ${threshold.toFixed(1)}`;
        console.log(
          `${match ? 'the same person' : 'not the same person'}: ${figures}, confidence ${confidence.toFixed(3)}`,
        );
      }
    },
  );
}
