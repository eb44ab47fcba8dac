import type { Command } from 'commander';
import type { CliConfig } from '../config.js';
import { runWorkerProgram } from '../worker-program.js';
import { wholeNumber } from './whole-number.js';

export function addEvaluateCommand(program: Command, config: CliConfig): void {
  program
    .command('evaluate')
    .description('how well people would be told apart on your own photos; needs no server and keeps nothing')
    .argument('<people>', 'a folder with a folder of photos per person')
    .option('--out <dir>', 'where the report and the plots go', 'facehash-evaluation')
    .option('--draws <n>', 'how often the photos are split anew', wholeNumber(1, 100), 10)
    .action(async (people: string, { out, draws }: { out: string; draws: number }) => {
      const args = ['--people', people, '--out', out, '--draws', String(draws)];
      process.exitCode = await runWorkerProgram('evaluate', args, config.environment);
    });
}
