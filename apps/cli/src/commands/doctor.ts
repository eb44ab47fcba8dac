import type { Command } from 'commander';
import type { CliConfig } from '../config.js';
import { DEFAULT_DATA_DIR, openDataDir } from '../data-dir.js';
import { examine } from '../doctor/examine.js';
import { findingsText } from '../doctor/findings-text.js';
import { doctorSettings } from '../doctor/settings.js';

interface DoctorOptions {
  readonly dataDir: string;
  readonly url?: string;
  readonly json?: true;
}

export function addDoctorCommand(
  program: Command,
  config: CliConfig,
  print: (text: string) => void = console.log,
): void {
  program
    .command('doctor')
    .description(
      'look at everything the service stands on, and say what to do; exit code 1 when something failed',
    )
    .option('--data-dir <dir>', 'the data directory of `facehash up`', DEFAULT_DATA_DIR)
    .option('--url <url>', 'the gateway (default: the one that runs on the data directory)')
    .option('--json', 'print JSON')
    .action(async ({ dataDir, url, json }: DoctorOptions) => {
      const findings = await examine(await doctorSettings(openDataDir(dataDir), config, url));
      const isWell = findings.every(({ verdict }) => verdict !== 'fail');
      print(json === true ? JSON.stringify({ ok: isWell, findings }) : findingsText(findings));
      if (!isWell) process.exitCode = 1;
    });
}
