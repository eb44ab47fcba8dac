import { describe, expect, it } from '@jest/globals';
import type { RecognizedFace } from '@facehash/contracts';
import { facesTable } from './faces-table.js';

const face = (label: string | null): RecognizedFace => ({
  box: { left: 0, top: 0, width: 1, height: 1 },
  landmarks: [],
  label,
  ambiguous: false,
  confidence: 0.98765,
  candidates: [{ subject_id: 'sub_1', label: 'ann', score: 12.34, confidence: 0.98765 }],
  threshold: 8,
  quality: {
    eye_distance_px: 1,
    roll_deg: 0,
    turn: 0,
    nod: 0.5,
    sharpness: 0.1,
    brightness: 0.5,
    clipped: 0,
  },
});

describe('facesTable', () => {
  it('has a line per face, and says when it knows nobody or found none', () => {
    const lines = facesTable([
      { photo: 'holiday/group.jpg', faces: [face('ann'), face(null)] },
      { photo: 'wall.jpg', faces: [] },
    ]).split('\n');
    expect(lines.find((line) => line.includes('ann'))).toMatch(/group\.jpg.*0\.988.*12\.3.*8\.0/);
    expect(lines.find((line) => line.includes('unknown'))).toContain('group.jpg');
    expect(lines.find((line) => line.includes('wall.jpg'))).toContain('no face');
  });
});
