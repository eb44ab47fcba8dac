import type { Command } from 'commander';
import type { CliConfig } from '../config.js';
import type { ConnectionOptions } from '../connection.js';
import { plainTable } from '../plain-table.js';
import { addConnectionOptions, connect } from './connect.js';

type Options = ConnectionOptions & { json?: true };

/** A line per row of JSON, so that long lists can be read as they come. */
const printJson = (value: unknown): void => {
  console.log(JSON.stringify(value));
};

export function addSubjectsCommand(program: Command, config: CliConfig): void {
  const subjects = program.command('subjects').description('the people enrolled under the key');
  const add = (usage: string, description: string): Command =>
    addConnectionOptions(subjects.command(usage).description(description).option('--json', 'print JSON'));

  add('list', 'show everybody').action(async (options: Options) => {
    const client = await connect(options, config);
    const people = [];
    for await (const subject of client.subjects.list()) people.push(subject);
    if (options.json === true) people.forEach(printJson);
    else {
      const rows = people.map(({ label, photos, created_at, id }) => [label, photos, created_at, id]);
      console.log(plainTable(['label', 'photos', 'enrolled', 'id'], rows));
    }
  });

  add('show <label>', 'show one person').action(async (label: string, options: Options) => {
    const { subjects } = await connect(options, config);
    const subject = await subjects.get(label);
    if (options.json === true) printJson(subject);
    else {
      const { id, photos, created_at, metadata } = subject;
      const notes = Object.entries(metadata).map(([name, value]) => `\n  ${name}: ${value}`);
      console.log(`${subject.label} (${id}): ${photos} photo(s), enrolled ${created_at}${notes.join('')}`);
    }
  });

  add('rename <label> <new-label>', 'give a person another label; it shows at once').action(
    async (label: string, newLabel: string, options: Options) => {
      const { subjects } = await connect(options, config);
      const subject = await subjects.update(label, { label: newLabel });
      if (options.json === true) printJson(subject);
      else console.log(`${label} is ${subject.label} from now on.`);
    },
  );

  add('delete <label>', 'delete a person for good: photos, numbers, and the models that knew them').action(
    async (label: string, options: Options) => {
      const { subjects } = await connect(options, config);
      const job = await subjects.delete(label, { whileTraining: 'wait' });
      const { erased } = await job.result();
      if (options.json === true) printJson(job.latest);
      else {
        const counts = Object.entries(erased).map(([what, count]) => `${count} ${what.replace('_', ' ')}`);
        console.log(`${label} is deleted: ${counts.join(', ')}.`);
      }
    },
  );
}
