import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { FeatureSetName, RefusalReason } from '@facehash/contracts';
import { toNpy } from '@facehash/keras-files';
import { FEATURE_SETS, type FaceAnalyzer } from '@facehash/vision';
import { examinePhoto } from '../handlers/examine-photo.js';
import type { PhotoFolder } from '../photo-folders.js';

interface Refused {
  readonly label: string;
  readonly photo: string;
  readonly reason: RefusalReason;
  readonly detail: string;
}

export interface ExportedFeatures {
  readonly rows: number;
  readonly size: number;
  readonly people: number;
  readonly refused: readonly Refused[];
}

/**
 * Measures photos as an enrolment does, and writes what others need to train on them: `features.npy` (float32, a row a
 * photo), `labels.json` (the label of each row) and `refused.json`.
 */
export async function exportFeatures(
  folders: readonly PhotoFolder[],
  { out, features, analyzer }: { out: string; features: FeatureSetName; analyzer: FaceAnalyzer },
  onPhoto: (done: number) => void,
): Promise<ExportedFeatures> {
  const { size, of } = FEATURE_SETS[features];
  const rows: Float32Array[] = [];
  const labels: string[] = [];
  const refused: Refused[] = [];
  let done = 0;
  for (const { label, files } of folders) {
    for (const file of files) {
      const finding = await examinePhoto(await readFile(file), analyzer);
      if ('face' in finding) {
        rows.push(of(finding.face));
        labels.push(label);
      } else {
        const { reason, detail } = finding;
        refused.push({ label, photo: path.basename(file), reason, detail });
      }
      onPhoto((done += 1));
    }
  }
  const values = new Float32Array(rows.length * size);
  rows.forEach((row, at) => {
    values.set(row, at * size);
  });
  await mkdir(out, { recursive: true });
  await writeFile(path.join(out, 'features.npy'), toNpy(values, size));
  await writeFile(path.join(out, 'labels.json'), JSON.stringify(labels));
  await writeFile(path.join(out, 'refused.json'), JSON.stringify(refused, null, 2));
  return { rows: rows.length, size, people: new Set(labels).size, refused };
}
