import { MAX_FACES } from '@facehash/contracts';
import type { Command } from 'commander';
import type { CliConfig } from '../config.js';
import type { ConnectionOptions } from '../connection.js';
import { facesTable } from '../faces-table.js';
import { addConnectionOptions, connect } from './connect.js';
import { eachPhoto } from './each-photo.js';
import { wholeNumber } from './whole-number.js';

type RecognizeOptions = ConnectionOptions & { maxFaces: number; json?: true };

export function addRecognizeCommand(program: Command, config: CliConfig): void {
  const command = program
    .command('recognize')
    .description('say who is on photos')
    .argument('<photo...>', 'photos; a folder stands for the images in it')
    .option('--max-faces <n>', 'more than the largest face: up to n', wholeNumber(1, MAX_FACES), 1)
    .option('--json', 'print a line of JSON per photo: the job, and the photo as "file"');
  addConnectionOptions(command).action(async (paths: string[], options: RecognizeOptions) => {
    const client = await connect(options, config);
    const answered = await eachPhoto(paths, options.json === true, (photo) =>
      client.recognize(photo, { max_faces: options.maxFaces, whileTraining: 'wait' }),
    );
    if (options.json === true) return;
    console.log(facesTable(answered.map(({ photo, result }) => ({ photo, faces: result.faces }))));
  });
}
