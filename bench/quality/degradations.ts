import sharp, { type Sharp } from 'sharp';

/** Ways in which a photo turns out badly, each in steps. Pixels are of LFW's 250 × 250, where a face is about 100 wide. */
export const DEGRADATIONS: Readonly<Record<string, (photo: Uint8Array) => Promise<Uint8Array>>> = {
  'as it is': (photo) => Promise.resolve(photo),
  ...steps('blurred, sigma', [1, 1.5, 2, 3, 4, 6], (photo, sigma) => photo.blur(sigma)),
  ...steps('light times', [0.5, 0.25, 0.12, 0.06, 0.03], (photo, light) => photo.linear(light, 0)),
  ...steps('overexposed by', [1.5, 2, 3, 4], (photo, light) => photo.linear(light, 20)),
  ...steps('width', [160, 120, 100, 80, 60, 48], (photo, width) => photo.resize({ width })),
};

function steps(
  name: string,
  sizes: readonly number[],
  change: (photo: Sharp, size: number) => Sharp,
): Record<string, (photo: Uint8Array) => Promise<Uint8Array>> {
  return Object.fromEntries(
    sizes.map((size) => [
      `${name} ${size}`,
      (photo: Uint8Array) => change(sharp(photo), size).png().toBuffer(),
    ]),
  );
}
