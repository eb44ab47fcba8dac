import { MAX_FACES } from '@facehash/contracts';
import type { Command } from 'commander';
import { basename } from 'node:path';
import type { CliConfig } from '../config.js';
import type { ConnectionOptions } from '../connection.js';
import { plainTable } from '../plain-table.js';
import { addConnectionOptions, connect } from './connect.js';
import { eachPhoto } from './each-photo.js';
import { wholeNumber } from './whole-number.js';

type DetectOptions = ConnectionOptions & { maxFaces: number; json?: true };

export function addDetectCommand(program: Command, config: CliConfig): void {
  const command = program
    .command('detect')
    .description('say where faces are on photos')
    .argument('<photo...>', 'photos; a folder stands for the images in it')
    .option('--max-faces <n>', 'more than the largest face: up to n', wholeNumber(1, MAX_FACES), 1)
    .option('--json', 'print a line of JSON per photo: the job, and the photo as "file"');
  addConnectionOptions(command).action(async (paths: string[], options: DetectOptions) => {
    const client = await connect(options, config);
    const answered = await eachPhoto(paths, options.json === true, (photo) =>
      client.detect(photo, { max_faces: options.maxFaces }),
    );
    if (options.json === true) return;
    const rows = answered.flatMap(({ photo, result: { faces } }) =>
      faces.length === 0
        ? [[basename(photo), '(no face found)']]
        : faces.map(({ box }) => [
            basename(photo),
            ...[box.left, box.top, box.width, box.height].map((pixels) => pixels.toFixed(0)),
          ]),
    );
    console.log(plainTable(['photo', 'left', 'top', 'width', 'height'], rows));
  });
}
