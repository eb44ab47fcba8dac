import type { JobHandler } from '@facehash/jobs';
import type { ObjectStorage } from '@facehash/storage';
import { assertMayPublish } from './assert-may-publish.js';
import { enrol, enrolledPeople, personOf, readExamined } from './enrolment.js';
import { photoCounts } from './train-answer.js';
import { enrolmentLeftovers } from './enrolment-leftovers.js';

export interface EnrolDependencies {
  readonly storage: ObjectStorage;
}

/** The last step of photos added without a training: reports → the key's turn → rows and person. The model stays. */
export function enrolHandler({ storage }: EnrolDependencies): JobHandler<'enrol'> {
  return {
    async run(payload, context) {
      const startedAt = performance.now();
      const own = await readExamined(storage, payload);
      // A fit that compacts this person's tables, a deletion or a change of the label must not run beside it.
      await context.turn();
      const person = personOf(own, await enrolledPeople(storage, payload.keyId))!;
      await assertMayPublish(context);
      await enrol(storage, own, person);
      await context.enrolled([person.id]);
      return {
        result: {
          label: person.label,
          subject_id: person.id,
          photos: photoCounts(own.reports),
          timings: { enrol: performance.now() - startedAt },
        },
        model: null,
      };
    },

    afterSuccess: (payload) => enrolmentLeftovers(storage, payload).deleteUploads(),
    cleanUp: (payload) => enrolmentLeftovers(storage, payload).undo(),
  };
}
