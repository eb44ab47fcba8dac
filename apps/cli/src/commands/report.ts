import type { Command } from 'commander';
import type { CliConfig } from '../config.js';
import type { ConnectionOptions } from '../connection.js';
import { reportText } from '../report-text.js';
import { addConnectionOptions, connect } from './connect.js';

export function addReportCommand(program: Command, config: CliConfig): void {
  const command = program
    .command('report')
    .description('show how well the photos of each person agree, and who is mistaken for whom')
    .option('--json', 'print JSON');
  addConnectionOptions(command).action(async (options: ConnectionOptions & { json?: true }) => {
    const client = await connect(options, config);
    const report = await client.modelReport();
    console.log(options.json === true ? JSON.stringify(report) : reportText(report));
  });
}
