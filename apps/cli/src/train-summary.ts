import type { TrainResult } from '@facehash/client';

/** What a training came to: a line, and one for each photo it refused. */
export function trainSummary({ label, photos, model }: TrainResult): string {
  const refused = photos.refused.map(
    ({ file_name, reason, detail }) => `  ${file_name}: ${reason} — ${detail}`,
  );
  return [
    `${label ?? 'retrained'}: ${photos.accepted} photo(s) used, ${refused.length} refused; the model knows ${model.labels} person(s) from ${model.photos} photos`,
    ...refused,
  ].join('\n');
}
