import type { ProtocolReport } from '@facehash/evaluation';
import type { FaceFreeFigures } from './face-free.js';

/** What the project set out to reach, and what was measured. */
export interface Target {
  readonly what: string;
  readonly bound: '≥' | '≤';
  readonly target: number;
  readonly measured: number;
}

export const isMet = ({ bound, target, measured }: Target): boolean =>
  bound === '≥' ? measured >= target : measured <= target;

/** Requires: every protocol of this benchmark. */
export function targetsOf(reports: readonly ProtocolReport[], faceFree: FaceFreeFigures): Target[] {
  const byId = new Map(reports.map((report) => [report.id, report]));
  const sets = (id: string) => byId.get(id)!.sets;
  const open = (id: string, features: 'ratios' | 'embedding') => sets(id)[features].openSet!;
  const atLeast = (what: string, target: number, measured: number): Target => ({
    ...{ what, target, measured },
    bound: '≥',
  });
  const atMost = (what: string, target: number, measured: number): Target => ({
    ...{ what, target, measured },
    bound: '≤',
  });
  const rank1 = (id: string, features: 'ratios' | 'embedding') => sets(id)[features].rank1.mean;
  const behind = Math.max(
    ...reports.map(({ sets: { ratios, embedding }, auto }) =>
      round(Math.max(ratios.rank1.mean, embedding.rank1.mean) - auto.rank1.mean),
    ),
  );
  const lfw = reports.filter(({ id }) => id.startsWith('lfw-20'));
  return [
    atLeast('ratios, ORL 5/5: rank-1', 0.985, rank1('orl-5-5', 'ratios')),
    atLeast('ratios, ORL one photo: rank-1', 0.88, rank1('orl-1', 'ratios')),
    atLeast('ratios, ORL 20 + 20: TPIR at FPIR 1 %', 0.95, open('orl-20-20', 'ratios').tpirAtFpir1.mean),
    atLeast('ratios, LFW 20 × 5: rank-1', 0.87, rank1('lfw-20x5', 'ratios')),
    atLeast('embedding, ORL 5/5: rank-1', 0.994, rank1('orl-5-5', 'embedding')),
    atLeast('embedding, ORL one photo: rank-1', 0.975, rank1('orl-1', 'embedding')),
    atLeast('embedding, LFW 20 × 5: rank-1', 0.993, rank1('lfw-20x5', 'embedding')),
    atLeast('embedding, LFW 20 × 1: rank-1', 0.99, rank1('lfw-20x1', 'embedding')),
    atLeast('embedding, LFW 20 × 5: TPIR at FPIR 1 %', 0.985, open('lfw-20x5', 'embedding').tpirAtFpir1.mean),
    atMost('embedding, LFW 20 × 5, strict: FPIR', 0.01, open('lfw-20x5', 'embedding').strict.fpir.mean),
    atLeast('embedding, LFW 20 × 5, strict: TPIR', 0.98, open('lfw-20x5', 'embedding').strict.tpir.mean),
    atMost('embedding, ORL 20 + 20, strict: FPIR', 0.02, open('orl-20-20', 'embedding').strict.fpir.mean),
    atLeast('embedding, ORL 20 + 20, strict: TPIR', 0.99, open('orl-20-20', 'embedding').strict.tpir.mean),
    atLeast('embedding, ORL: portraits in which a face is found', 0.99, sets('orl-5-5').embedding.found),
    atLeast('ratios, ORL: portraits in which a face is found', 0.99, sets('orl-5-5').ratios.found),
    atLeast(
      '`auto` takes the embedding on LFW 20 × n: share of draws',
      1,
      lfw.reduce((sum, { auto, draws }) => sum + auto.tookEmbedding / draws, 0) / lfw.length,
    ),
    atMost('`auto` behind the better set, worst protocol: rank-1', 0.02, behind),
    atMost(
      `${faceFree.pictures} pictures without a face, gate: faces reported`,
      2,
      faceFree.withFace.embedding,
    ),
  ];
}

const round = (value: number): number => Math.round(value * 1e4) / 1e4;
