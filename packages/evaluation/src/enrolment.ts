import {
  buildKerasModel,
  fitFromStatistics,
  loadKeyModel,
  joinRows,
  project,
  saveKeyModel,
  statisticsOf,
  TOO_CLOSE,
  type Background,
  type FittedModel,
  type KeyStatistics,
} from '@facehash/keras-models';

/** A probe's best label under each way of scoring. */
export interface Answer {
  /** By log-likelihood ratio, and so by softmax too. */
  readonly llr: Best;
  /** The same, but for two labels that are too close to call: those are given no name at any threshold. */
  readonly product: Best;
  readonly softmax: Best;
  /** By the nearest enrolled photo's cosine, as descriptors are usually compared. */
  readonly cosine: Best;
}

interface Best {
  /** Index of the person, as enrolled. */
  readonly label: number;
  readonly score: number;
}

export interface Enrolment {
  readonly fitted: FittedModel;
  answer(vectors: readonly Float32Array[]): Promise<Answer[]>;
  dispose(): void;
}

export type Fit = (background: Background, statistics: KeyStatistics) => Promise<FittedModel>;

/** Fits, saves and loads a key's model exactly as the worker does. @param people their photos' vectors; who has none is not enrolled */
export async function enrol(
  background: Background,
  people: readonly (readonly Float32Array[])[],
  fit: Fit = fitFromStatistics,
): Promise<Enrolment> {
  const subjects = people
    .map((rows, index) => ({
      id: String(index),
      rows: joinRows(rows.map((row) => project(background, row))),
      count: rows.length,
    }))
    .filter(({ count }) => count > 0);
  const fitted = await fit(background, statisticsOf(background, subjects));
  const keras = buildKerasModel(background, fitted);
  const model = await loadKeyModel(await saveKeyModel(keras));
  keras.dispose();
  const labels = fitted.subjectIds.map(Number);
  const nearest = byCosine(people);
  return {
    fitted,
    answer: async (vectors) => {
      const scores = vectors.length === 0 ? new Float32Array() : await model.score(joinRows(vectors));
      return vectors.map((vector, row) => ({
        ...byScore(scores.subarray(row * labels.length, (row + 1) * labels.length), labels),
        cosine: nearest(vector),
      }));
    },
    dispose: () => {
      model.dispose();
    },
  };
}

function byScore(
  scores: Float32Array,
  labels: readonly number[],
): Pick<Answer, 'llr' | 'product' | 'softmax'> {
  const score = Math.max(...scores);
  const label = labels[scores.indexOf(score)]!;
  const sum = scores.reduce((total, other) => total + Math.exp(other - score), 0);
  const second = Math.max(...scores.filter((_, at) => labels[at] !== label));
  return {
    llr: { label, score },
    product: { label, score: score - second < TOO_CLOSE ? -Infinity : score },
    softmax: { label, score: 1 / sum },
  };
}

function byCosine(people: readonly (readonly Float32Array[])[]): (vector: Float32Array) => Best {
  const enrolled = people.flatMap((rows, label) => rows.map((row) => ({ label, row: normed(row) })));
  return (vector) => {
    const probe = normed(vector);
    let best: Best = { label: -1, score: -Infinity };
    for (const { label, row } of enrolled) {
      let score = 0;
      for (let i = 0; i < row.length; i++) score += row[i]! * probe[i]!;
      if (score > best.score) best = { label, score };
    }
    return best;
  };
}

function normed(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
