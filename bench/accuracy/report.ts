import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  confusionTable,
  decimals,
  drawDet,
  drawRoc,
  drawRules,
  drawScores,
  lossTable,
  markdown,
  openSetTable,
  rank1Table,
  rulesTable,
  writePlot,
  type ProtocolReport,
  type Table,
} from '@facehash/evaluation';
import type { FaceFreeFigures } from './face-free.js';
import type { OneToOne } from './one-to-one.js';
import { isMet, targetsOf } from './targets.js';

export interface AccuracyResults {
  /** YYYY-MM-DD */
  readonly date: string;
  readonly protocols: readonly ProtocolReport[];
  readonly oneToOne: readonly OneToOne[];
  readonly faceFree: FaceFreeFigures;
  /** Of all photos, those that a training would not take. */
  readonly refused: { readonly photos: number; readonly of: number };
}

const COMMAND = 'pnpm bench accuracy --photos DIR --report docs';

/** Writes evaluation.md, evaluation.json and images/evaluation/ into a folder. */
export async function writeReport(folder: string, results: AccuracyResults): Promise<void> {
  const images = path.join(folder, 'images/evaluation');
  await mkdir(images, { recursive: true });
  const [lfw, orl] = ['lfw-20x5', 'orl-20-20'].map((id) => results.protocols.find((of) => of.id === id)!);
  const both = [
    { ...lfw!, short: 'LFW' },
    { ...orl!, short: 'ORL' },
  ];
  await writePlot(images, 'det', drawDet('Strangers named against enrolled people missed', both));
  await writePlot(
    images,
    'roc',
    drawRoc(
      'One photo against one photo',
      results.oneToOne.map(({ name, features, roc }) => ({
        name: `${features}, ${name}`,
        ...{ features, isDashed: name !== 'LFW', points: roc },
      })),
    ),
  );
  await writePlot(
    images,
    'scores',
    drawScores('LFW, 20 people × 5: best scores from the threshold on', lfw!),
  );
  await writePlot(images, 'rules', drawRules('LFW, 20 people × 5: who is given a name, by which rule', lfw!));
  await writeFile(path.join(folder, 'evaluation.json'), `${JSON.stringify(results)}\n`);
  await writeFile(path.join(folder, 'evaluation.md'), page(results, [lfw!, orl!]));
}

function page(
  { date, protocols, oneToOne, faceFree, refused }: AccuracyResults,
  openSets: readonly ProtocolReport[],
): string {
  const rules = openSets.map((report) => `### ${report.title}\n\n${markdown(rulesTable(report))}`);
  return `# How good is it

Written by \`${COMMAND}\` on ${date}; the same figures, and the curves behind the plots, are in [evaluation.json](evaluation.json). Change
the script, not this page.

Everything goes the product's own way: photos are enrolled as a training takes them (profile \`thorough\`, for what it refuses
another one is drawn: ${refused.photos} of ${refused.of} photos here), probes are searched as a recognition with the profile \`balanced\` does for a key of that feature set, models are fitted, saved and loaded
by the worker's code, and the threshold is the one the product sets. A photo in which no face is found counts as an error. ± is the
standard deviation over the draws (13 for the first protocol, 10 for the others). Nobody who is tested is in the background statistics;
for the last protocol, whose people partly are in the shipped ones, they were estimated anew from the others.

Photos: ORL (40 people × 10 portraits, AT&T Laboratories Cambridge) and a part of Labeled Faces in the Wild (Huang et al. 2007; 34
people with ten or more photos, or those with four or more). They are not part of this repository. SFace's training data is undisclosed
and may contain people of LFW: ORL is the cleaner figure.

## Is the best label right?

${markdown(rank1Table(protocols))}

## Are strangers left unnamed?

FPIR is the share of strangers' photos given any name, TPIR the share of enrolled people's photos given the right one. The first two columns
read the threshold from these very strangers; the last two are what the product does by itself, FPIR / TPIR.

${markdown(openSetTable(protocols))}

![Detection error trade-off](images/evaluation/det.png)

![Scores of enrolled people and strangers](images/evaluation/scores.png)

## Beside the usual rules

The same answers, judged by rules that do not know who is enrolled: the cosine of the nearest enrolled photo against a fixed threshold
(OpenCV documents .363 for SFace), the best label always, or a fixed share of the softmax.

${rules.join('\n\n')}

![Fixed rules beside ours](images/evaluation/rules.png)

## One photo against one photo

All pairs of at most ten photos a person, by the likelihood ratio of \`POST /v1/verify\`.

${markdown(pairsTable(oneToOne))}

![ROC of pairs](images/evaluation/roc.png)

## Where photos are lost

${markdown(lossTable(protocols))}

"Landmarks elsewhere": they were put on something else than the face that the thorough search sees, and the best name is wrong.

## Who is taken for whom

${markdown(confusionTable(protocols))}

## Where nobody is

${faceFree.pictures} pictures made by code (scenes, noise, clouds, gratings, bricks, wood, text, facades): a recognition for a key on the embedding reports a face
in ${faceFree.withFace.embedding}, one for a key on ratios, where nothing but the cascades judges, in ${faceFree.withFace.ratios}.

## Over HTTP

\`pnpm bench accuracy-over-http --photos DIR\` enrols, trains and recognises one draw of ORL and one of LFW through a whole service, and prints its counts beside
those of the same draw here. People are held out in groups by ids that a service draws, so thresholds may differ a little; at the same threshold every count is the same.

## What we set out to reach

${markdown([
  ['goal', 'target', 'measured', ''],
  ...targetsOf(protocols, faceFree).map((target) => [
    target.what,
    `${target.bound} ${number(target.target)}`,
    number(target.measured),
    isMet(target) ? 'met' : '**missed**',
  ]),
])}

## What these figures do not say

- A few thousand photos of at most 128 people decide them. With thousands enrolled, with children, twins or families, or with faces that
  these collections hold few of, expect less; measure with \`facehash evaluate\` on your own photos. A goal missed or met by less than the ± of its
  figure could turn with other draws.
- A photo that an enrolment refuses is not asked about either. Had somebody whose only photo is refused stayed unknown instead, as in a first run, the
  embedding's rank-1 would be .967 on LFW 20 × 1 and .970 on ORL with one photo.
- That a calibrated threshold may lie below 0 was decided on these photos ([ADR 6](adr/0006-twelve-groups-held-out.md)); the thresholds' own figures are not independent of it.
- The background statistics come from LFW. On photos unlike those the realised share of strangers named can be several times its target.
- ORL was taken by one camera in one place: its strangers look alike in ways that the background does not know, which makes it the harder test of thresholds.
- A Haar cascade finds frontal faces. Photos in which it finds none are counted above; profiles are missed altogether, and nothing here says how many
  your cameras would take.
- No figure here is about liveness: a printed photo passes.
`;
}

function pairsTable(all: readonly OneToOne[]): Table {
  return [
    [
      'photos',
      'features',
      'pairs of one person / of two',
      'equal error rate',
      'accepted at 1 % of strangers',
      'at .1 %',
    ],
    ...all.map(({ name, features, pairs, equalErrorRate, matchedAt }) => [
      name,
      features,
      `${pairs.genuine} / ${pairs.impostor}`,
      decimals(equalErrorRate),
      decimals(matchedAt['1 %']),
      decimals(matchedAt['.1 %']),
    ]),
  ];
}

const number = (value: number): string => (Number.isInteger(value) ? String(value) : decimals(value));
