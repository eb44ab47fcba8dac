import { toFaceHashError, type EnrolAllReport, type PersonPhotos, type PersonReport } from '@facehash/client';
import type { Command } from 'commander';
import type { CliConfig } from '../config.js';
import type { ConnectionOptions } from '../connection.js';
import { readConsent } from '../consent-file.js';
import { peopleIn } from '../enrol/people-in.js';
import { problemOf } from '../problem-of.js';
import { createProgress } from '../progress.js';
import { trainSummary } from '../train-summary.js';
import { addConnectionOptions, connect } from './connect.js';
import { wholeNumber } from './whole-number.js';

type EnrolOptions = ConnectionOptions & {
  newOnly?: true;
  consent?: string;
  concurrency: number;
  json?: true;
};

export function addEnrolCommand(program: Command, config: CliConfig): void {
  const command = program
    .command('enrol')
    .description('enrol many people, then train the key once; the same again within a day adds nothing twice')
    .argument(
      '<people>',
      'a folder, .zip, .tar or .tar.gz with a folder of photos per person, named by the label',
    )
    .option('--new-only', 'pass over people who have photos already')
    .option('--consent <file>', 'JSON with the record of the consent that all of them gave')
    .option('--concurrency <n>', 'people on their way at once', wholeNumber(1, 16), 2)
    .option('--json', 'print a line of JSON per person, then the training job');
  addConnectionOptions(command).action(async (path: string, options: EnrolOptions) => {
    const isJson = options.json === true;
    const consent = options.consent === undefined ? undefined : await readConsent(options.consent);
    const client = await connect(options, config);
    const people = await peopleIn(path, (file, why) => {
      console.error(`Passed over ${file}: ${why}.`);
    });
    const known = new Set<string>();
    if (options.newOnly === true) {
      for await (const { label, photos } of client.subjects.list()) if (photos > 0) known.add(label);
    }
    const progress = createProgress('training');
    const report = await client
      .enrolAll(without(people, known), {
        concurrency: options.concurrency,
        consent,
        onPerson: (person) => {
          if (!isJson) console.log(personLines(person));
        },
        onProgress: ({ stage, percent }) => {
          progress.show(stage, percent);
        },
      })
      .finally(progress.close);
    if (isJson) printJson(report);
    summarise(report, isJson);
  });
}

async function* without(people: AsyncIterable<PersonPhotos>, known: ReadonlySet<string>) {
  for await (const person of people) {
    // The server keeps labels in one spelling of accents.
    if (!known.has(person.label.trim().normalize('NFC'))) yield person;
    else console.error(`Passed over ${person.label}: already enrolled.`);
  }
}

function personLines({ label, accepted, alreadyThere, refused, error }: PersonReport): string {
  const known = alreadyThere === 0 ? '' : `, ${alreadyThere} already there`;
  return [
    `${label}: ${accepted - alreadyThere} photo(s) added${known}, ${refused.length} refused${error === null ? '' : ` — ${error.code}: ${error.message}`}`,
    ...refused.map(({ file_name, reason, detail }) => `  ${file_name}: ${reason} — ${detail}`),
  ].join('\n');
}

function printJson({ people, training }: EnrolAllReport): void {
  for (const { error, ...person } of people) {
    console.log(JSON.stringify({ ...person, error: error === null ? null : problemOf(error) }));
  }
  console.log(JSON.stringify(training));
}

/** Exit code 1 when a person is missing, as a script would otherwise not see it. */
function summarise({ people, training }: EnrolAllReport, isJson: boolean): void {
  const failed = people.filter(({ error }) => error !== null).length;
  if (failed > 0 || training === null) process.exitCode = 1;
  if (people.length === 0) throw new Error('Nobody is there to enrol.');
  if (training?.error) throw toFaceHashError(training.error);
  if (isJson) return;
  console.log(
    training?.result ? trainSummary(training.result) : 'No photo was added: the model is as it was.',
  );
  if (failed > 0) console.log(`${failed} of ${people.length} people failed.`);
}
