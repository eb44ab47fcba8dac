import { Command } from 'commander';
import { addBackupCommands } from './commands/backup.js';
import { addDetectCommand } from './commands/detect.js';
import { addDoctorCommand } from './commands/doctor.js';
import { addEnrolCommand } from './commands/enrol.js';
import { addEvaluateCommand } from './commands/evaluate.js';
import { addFeaturesCommand } from './commands/features.js';
import { addJobsCommand } from './commands/jobs.js';
import { addKeysCommand } from './commands/keys.js';
import { addModelCommand } from './commands/model.js';
import { addRecognizeCommand } from './commands/recognize.js';
import { addReportCommand } from './commands/report.js';
import { addSubjectsCommand } from './commands/subjects.js';
import { addTrainCommands } from './commands/train.js';
import { addUpCommand } from './commands/up.js';
import { addVerifyCommand } from './commands/verify.js';
import { readConfig, type CliConfig } from './config.js';
import { printError } from './print-error.js';

const program = new Command('facehash').description('Face recognition on your own machine.');
const config = configured();

addUpCommand(program, config);
addKeysCommand(program, config);
addDoctorCommand(program, config);
addBackupCommands(program, config);
addTrainCommands(program, config);
addEnrolCommand(program, config);
addRecognizeCommand(program, config);
addVerifyCommand(program, config);
addDetectCommand(program, config);
addSubjectsCommand(program, config);
addModelCommand(program, config);
addReportCommand(program, config);
addJobsCommand(program, config);
addEvaluateCommand(program, config);
addFeaturesCommand(program, config);

function configured(): CliConfig {
  try {
    return readConfig();
  } catch (error) {
    printError(error);
    return process.exit(1);
  }
}

program.parseAsync().catch((error: unknown) => {
  printError(error);
  process.exitCode = 1;
});
