import type { DrawnPerson } from './person.js';
import type { Photo } from './photo.js';

/** Right, down and towards the viewer, in mm from the point midway between the pupils, in the plane of the ears. */
export type Vertex = readonly [x: number, y: number, z: number];
export type Point = readonly [x: number, y: number];

/** All a feature needs in order to draw itself. */
export interface Sketch {
  readonly person: DrawnPerson;
  readonly photo: Photo;
  /** Where the turned head shows a point of the face. */
  readonly at: (vertex: Vertex) => Point;
  /** A name unique in the picture for a gradient, filter or clip: a group picture holds several people. */
  readonly id: (name: string) => string;
}

export function startSketch(person: DrawnPerson, photo: Photo, prefix: string): Sketch {
  const yaw = (photo.yaw * Math.PI) / 180;
  const pitch = (photo.pitch * Math.PI) / 180;
  return {
    person,
    photo,
    id: (name) => `${prefix}-${name}`,
    at: ([x, y, z]) => {
      const depth = z * Math.cos(yaw) - x * Math.sin(yaw);
      return [x * Math.cos(yaw) + z * Math.sin(yaw), y * Math.cos(pitch) - depth * Math.sin(pitch)];
    },
  };
}

/** A smooth line through the points (Catmull–Rom, as cubic Béziers); path data for SVG. */
export function curve(points: readonly Point[], closed = false): string {
  const first = points[0];
  if (first === undefined) return '';
  const last = points.length - 1;
  const point = (index: number): Point => {
    const wrapped = closed ? (index + points.length) % points.length : clamp(index, 0, last);
    return points[wrapped] ?? first;
  };
  const segments = Array.from({ length: closed ? points.length : last }, (_, i) => {
    const [before, from, to, after] = [point(i - 1), point(i), point(i + 1), point(i + 2)];
    const near: Point = [from[0] + (to[0] - before[0]) / 6, from[1] + (to[1] - before[1]) / 6];
    const far: Point = [to[0] - (after[0] - from[0]) / 6, to[1] - (after[1] - from[1]) / 6];
    return `C${text(near)} ${text(far)} ${text(to)}`;
  });
  return `M${text(first)}${segments.join('')}${closed ? 'Z' : ''}`;
}

/** The same line continuing an earlier path, for outlines with corners. */
export function continued(points: readonly Point[]): string {
  return curve(points).replace('M', 'L');
}

export const text = ([x, y]: Point): string => `${x.toFixed(2)},${y.toFixed(2)}`;

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
