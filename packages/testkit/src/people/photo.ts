import { randomFrom } from './random.js';
import type { DrawnPerson } from './person.js';

/** What differs between two photos of one person. Angles in degrees. */
export interface Photo {
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
  /** Place and size of the head, relative to the middle of its frame: −1 … 1. */
  readonly offset: { readonly x: number; readonly y: number; readonly scale: number };
  /** 0 neutral … 1 broad. */
  readonly smile: number;
  /** Gap between the lips in mm; 0 is closed. */
  readonly mouthOpen: number;
  /** Factor on the opening of the eyes. */
  readonly eyesOpen: number;
  readonly gaze: number;
  /** −1 light from the left … 1 from the right. */
  readonly light: number;
}

export function takePhoto(person: DrawnPerson, photo: number): Photo {
  const random = randomFrom(person.seed, photo, 3);
  const smile = random.chance(0.5) ? random.between(0.3, 1) : 0.12;
  return {
    yaw: random.between(-9, 9),
    pitch: random.between(-6, 6),
    roll: random.between(-8, 8),
    offset: {
      x: random.between(-1, 1),
      y: random.between(-1, 1),
      scale: random.between(-1, 1),
    },
    smile,
    mouthOpen: random.chance(0.3) ? random.between(1, 5) : 0,
    eyesOpen: random.between(0.9, 1.05),
    gaze: random.between(-1, 1),
    light: random.between(-1, 1),
  };
}

/** How the camera renders a picture, whoever is in it. */
export interface Exposure {
  readonly gain: number;
  /** Above 0 the red rises and the blue falls. */
  readonly warmth: number;
  readonly blurSigma: number;
  /** Standard deviation of the sensor noise in grey levels. */
  readonly noise: number;
  readonly quality: number;
}

export function drawExposure(seed: number, photo: number): Exposure {
  const random = randomFrom(seed, photo, 4);
  return {
    gain: random.between(0.84, 1.06),
    warmth: random.between(-0.03, 0.04),
    blurSigma: random.between(0.3, 0.9),
    noise: random.between(1, 4),
    quality: Math.round(random.between(72, 92)),
  };
}
