import type { TrainResult } from '@facehash/client';

/** What a training came to: a line, one for each photo it refused or warns of, and what to photograph next. */
export function trainSummary({ label, photos, model }: TrainResult): string {
  const refused = photos.refused.map(
    ({ file_name, reason, detail }) => `  ${file_name}: ${reason} — ${detail}`,
  );
  const warnings = photos.warnings.map(
    ({ file_name, code, detail }) => `  ${file_name}: ${code} — ${detail}`,
  );
  const lookAlikes = model.look_alikes.map(
    ({ people }) => `${people.map((one) => one.label).join(' and ')} may be one person`,
  );
  return [
    `${label ?? 'retrained'}: ${photos.accepted} photo(s) used, ${refused.length} refused; the model knows ${model.labels} person(s) from ${model.photos} photos`,
    ...refused,
    ...warnings,
    ...lookAlikes,
    ...photos.next,
  ].join('\n');
}
