import type { JobHandler } from '@facehash/jobs';
import { photos, type ObjectStorage } from '@facehash/storage';
import { assertMayPublish } from './assert-may-publish.js';
import { enrol, enrolledPeople, personOf, readExamined } from './enrolment.js';
import { photoFindings } from './train-answer.js';
import { enrolmentLeftovers } from './enrolment-leftovers.js';
import { withoutDuplicates } from './without-duplicates.js';

export interface EnrolDependencies {
  readonly storage: ObjectStorage;
}

/** The last step of photos added without a training: reports → the key's turn → rows and person. The model stays. */
export function enrolHandler({ storage }: EnrolDependencies): JobHandler<'enrol'> {
  return {
    async run(payload, context) {
      const startedAt = performance.now();
      const examined = await readExamined(storage, payload);
      // A fit that compacts this person's tables, a deletion or a change of the label must not run beside it.
      await context.turn();
      const own = await withoutDuplicates(storage, examined);
      const person = personOf(own, await enrolledPeople(storage, payload.keyId))!;
      await assertMayPublish(context);
      await enrol(storage, own, person);
      await context.enrolled([person.id]);
      const kept = await photos(storage, payload.keyId).list(person.id);
      return {
        result: {
          label: person.label,
          subject_id: person.id,
          photos: photoFindings(own.reports, { photos: kept.length }),
          timings: { enrol: performance.now() - startedAt },
        },
        model: null,
      };
    },

    afterSuccess: (payload) => enrolmentLeftovers(storage, payload).deleteUploads(),
    cleanUp: (payload) => enrolmentLeftovers(storage, payload).undo(),
  };
}
