import {
  buildKerasModel,
  fitKeyModel,
  loadKeyModel,
  project,
  saveKeyModel,
  type Background,
} from '@facehash/keras-models';
import type { Answer } from './metrics.js';

/** The features of one photo, measured as enrolment and as recognition do; undefined where no face was found. */
export interface Photo {
  readonly enrolled: Float32Array | undefined;
  readonly probe: Float32Array | undefined;
}

export interface Enrolment {
  readonly threshold: number;
  answer(photos: readonly Photo[]): Promise<(Answer | undefined)[]>;
  dispose(): void;
}

/** Fits, saves and loads a key's model exactly as the worker does, and answers with it. */
export async function enrol(
  background: Background,
  people: readonly (readonly Photo[])[],
): Promise<Enrolment> {
  const subjects = people.map((photos, index) => {
    const rows = photos.map((photo) => photo.enrolled).filter((row) => row !== undefined);
    const projected = rows.map((row) => project(background, row));
    return { id: String(index), rows: concat(projected), count: projected.length };
  });
  const fitted = await fitKeyModel(
    background,
    subjects.filter((subject) => subject.count > 0),
  );
  const keras = buildKerasModel(background, fitted);
  const model = await loadKeyModel(await saveKeyModel(keras));
  keras.dispose();
  const labels = fitted.subjectIds.map(Number);
  return {
    threshold: fitted.threshold,
    answer: async (photos) => {
      const rows = photos.map((photo) => photo.probe);
      const found = rows.filter((row) => row !== undefined);
      const scores = found.length === 0 ? new Float32Array() : await model.score(concat(found));
      let next = 0;
      return rows.map((row) => (row === undefined ? undefined : best(scores, labels, next++)));
    },
    dispose: () => {
      model.dispose();
    },
  };
}

function best(scores: Float32Array, labels: readonly number[], row: number): Answer {
  const own = scores.subarray(row * labels.length, (row + 1) * labels.length);
  const score = Math.max(...own);
  return { best: labels[own.indexOf(score)]!, score };
}

function concat(rows: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(rows.reduce((sum, row) => sum + row.length, 0));
  rows.reduce((at, row) => (all.set(row, at), at + row.length), 0);
  return all;
}
