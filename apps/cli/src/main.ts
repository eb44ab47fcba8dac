import { Command } from 'commander';
import { addKeysCommand } from './commands/keys.js';
import { addRecognizeCommand } from './commands/recognize.js';
import { addTrainCommand } from './commands/train.js';
import { addUpCommand } from './commands/up.js';
import { readConfig } from './config.js';
import { printError } from './print-error.js';

const program = new Command('facehash').description('Face recognition on your own machine.');
const config = readConfig();

addUpCommand(program, config);
addKeysCommand(program, config);
addTrainCommand(program, config);
addRecognizeCommand(program, config);

program.parseAsync().catch((error: unknown) => {
  printError(error);
  process.exitCode = 1;
});
