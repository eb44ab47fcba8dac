import type { Command } from 'commander';
import type { CliConfig } from '../config.js';
import type { ConnectionOptions } from '../connection.js';
import { plainTable } from '../plain-table.js';
import { addConnectionOptions, connect } from './connect.js';
import { addModelFileCommands } from './model-files.js';

export function addModelCommand(program: Command, config: CliConfig): void {
  const command = program
    .command('model')
    .description('show the model in force, and whom it knows')
    .option('--json', 'print JSON');
  addModelFileCommands(command, config);
  addConnectionOptions(command).action(async (options: ConnectionOptions & { json?: true }) => {
    const client = await connect(options, config);
    const model = await client.model();
    if (options.json === true) console.log(JSON.stringify(model));
    else {
      const { version, trained_at, threshold, threshold_setting, calibration, labels, training } = model;
      console.log(
        `${version}, trained ${trained_at}; threshold ${threshold.toFixed(1)} (${threshold_setting}), ${calibration}`,
      );
      if (training !== null) console.log(`being changed by ${training}`);
      console.log(
        plainTable(
          ['label', 'photos'],
          labels.map(({ label, photos }) => [label, photos]),
        ),
      );
    }
  });
}
