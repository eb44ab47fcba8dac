import type { Job, JobFilter } from '@facehash/client';
import { JOB_STATUSES, JOB_TYPES } from '@facehash/contracts';
import { Option, type Command } from 'commander';
import type { CliConfig } from '../config.js';
import type { ConnectionOptions } from '../connection.js';
import { plainTable } from '../plain-table.js';
import { addConnectionOptions, connect } from './connect.js';
import { wholeNumber } from './whole-number.js';

type Options = ConnectionOptions & { json?: true };
type ListOptions = Options & JobFilter & { limit: number };

export function addJobsCommand(program: Command, config: CliConfig): void {
  const jobs = program.command('jobs').description("the key's jobs");
  const add = (usage: string, description: string): Command =>
    addConnectionOptions(jobs.command(usage).description(description));

  add('list', 'show the latest jobs, newest first')
    .addOption(new Option('--status <status>', 'only these').choices(JOB_STATUSES))
    .addOption(new Option('--type <type>', 'only these').choices(JOB_TYPES))
    .option('--limit <n>', 'at most so many', wholeNumber(1, 100_000), 20)
    .option('--json', 'print a line of JSON per job')
    .action(async ({ status, type, limit, json, ...options }: ListOptions) => {
      const client = await connect(options, config);
      const filter = { ...(status && { status }), ...(type && { type }) };
      const found: Job[] = [];
      for await (const job of client.jobs.list(filter)) {
        found.push(job);
        if (found.length === limit) break;
      }
      if (json === true) for (const job of found) console.log(JSON.stringify(job));
      else {
        const rows = found.map((job) => [
          job.id,
          job.type,
          job.status,
          job.created_at,
          job.error?.code ?? '',
        ]);
        console.log(plainTable(['job', 'type', 'status', 'created', 'error'], rows));
      }
    });

  add('show <id>', 'print a job as JSON').action(async (id: string, options: ConnectionOptions) => {
    const client = await connect(options, config);
    console.log(JSON.stringify(await client.job(id).get(), null, 2));
  });

  add('cancel <id>', 'end a job').action(async (id: string, options: ConnectionOptions) => {
    const client = await connect(options, config);
    console.log(`${id} is ${(await client.job(id).cancel()).status}.`);
  });
}
