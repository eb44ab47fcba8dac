import fc from 'fast-check';
import { refusal } from '../caller.js';
import { command, settle, assertBusy, type KeyCommand } from '../command.js';
import type { KeyModel } from '../key-model.js';

/** Everything by which this key could reach for what is the other's: to whom it belongs, there is nothing. */
export const foreignCommands = (other: () => KeyModel): fc.Arbitrary<KeyCommand>[] => {
  const reachForJob = (at: number): KeyCommand =>
    command(`reach for job ${at} of the other key`, async (_model, caller) => {
      const jobs = [...other().jobs.all.keys()];
      const id = jobs[at % Math.max(1, jobs.length)];
      if (id === undefined) return;
      for (const [method, path] of [
        ['GET', `/v1/jobs/${id}`],
        ['GET', `/v1/jobs/${id}/events`],
        ['POST', `/v1/jobs/${id}/cancel`],
        ['DELETE', `/v1/jobs/${id}`],
      ] as const) {
        refusal(await caller.ask(method, path), 'NOT_FOUND');
      }
    });

  const reachForPerson = (at: number): KeyCommand =>
    command(`reach for person ${at} of the other key`, async (model, caller) => {
      const people = [...other().people.values()];
      const person = people[at % Math.max(1, people.length)];
      if (person === undefined) return;
      for (const name of [person.label, person.id]) {
        const path = `/v1/subjects/${encodeURIComponent(name)}`;
        refusal(await caller.ask('GET', path), 'NOT_FOUND');
        refusal(await caller.ask('GET', `${path}/photos`), 'NOT_FOUND');
        await settle(model, caller);
        const before = model.pending;
        for (const answer of [
          await caller.ask('DELETE', path),
          await caller.ask('PUT', path, { json: { metadata: { note: model.marker } } }),
        ]) {
          if (refusal(answer, 'NOT_FOUND', 'TRAINING_IN_PROGRESS').code !== 'NOT_FOUND')
            assertBusy(model, before, answer);
        }
      }
    });

  return [fc.nat({ max: 1000 }).map(reachForJob), fc.nat({ max: 10 }).map(reachForPerson)];
};
