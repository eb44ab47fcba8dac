/** Red, green, blue, 0–255. */
export type Colour = readonly [number, number, number];

/** `amount` 0 gives `from`, 1 gives `to`. */
export function mix(from: Colour, to: Colour, amount: number): Colour {
  return [
    from[0] + (to[0] - from[0]) * amount,
    from[1] + (to[1] - from[1]) * amount,
    from[2] + (to[2] - from[2]) * amount,
  ];
}

/** Shadows on skin and cloth are warm: pure black would make them look dirty. */
export const darker = (colour: Colour, amount: number): Colour => mix(colour, [38, 16, 14], amount);

export const lighter = (colour: Colour, amount: number): Colour => mix(colour, [255, 250, 240], amount);

export function css([red, green, blue]: Colour): string {
  return `rgb(${Math.round(red)},${Math.round(green)},${Math.round(blue)})`;
}
