import { type Box, packBoxes, validateBox } from './box.js';
import { type Binding, type ForestHandle, loadBinding } from './binding.js';
import { settleNative } from './dlib-error.js';
import { type GreyImage, validateImage } from './grey-image.js';

export interface LandmarkPredictor {
  /** Landmarks of one face: 68 for dlib's usual model. */
  readonly points: number;

  /**
   * Landmarks of every box in one image: one array a box of x0, y0, x1, y1, … in pixels of the image, fractions kept.
   * Runs on libuv's thread pool; calls may overlap. The image is read in place: until the promise settles do not
   * transfer or resize its buffer. Writing to it is safe, but the landmarks are then of a mixture.
   *
   * Rejects with DlibError `IMAGE_INVALID`, `BOX_INVALID` or `CLOSED`.
   */
  predict(image: GreyImage, boxes: readonly Box[]): Promise<Float32Array[]>;

  /** Gives the model back. Calls under way still finish; may be called again. */
  close(): void;
}

/**
 * Maps a model made by {@link flattenLandmarkModel}, after reading it once to check its checksum.
 * Processes on one machine share its memory.
 *
 * @throws DlibError `MODEL_UNREADABLE` when the file is missing, damaged or no flat model
 */
export async function openLandmarkPredictor(flatModelPath: string): Promise<LandmarkPredictor> {
  const native = loadBinding();
  const forest = await settleNative(() => native.open(flatModelPath));
  return createPredictor(native, forest);
}

function createPredictor(native: Binding, forest: ForestHandle): LandmarkPredictor {
  const points = native.points(forest);
  return {
    points,

    async predict(image, boxes) {
      validateImage(image);
      for (const box of boxes) validateBox(box, image);

      const { data, width, height } = image;
      // async: what the addon throws at once, CLOSED, takes the same way as what it rejects with later
      const landmarks = await settleNative(async () =>
        native.predict(forest, data, width, height, packBoxes(boxes)),
      );

      return boxes.map((_, i) => rewrapped(landmarks, i * points * 2, points * 2));
    },

    close() {
      native.close(forest);
    },
  };
}

/** A native array is copied into one of ours: under Jest it would fail `instanceof Float32Array`. */
function rewrapped(native: Float32Array, start: number, length: number): Float32Array {
  const own = new Float32Array(length);
  own.set(native.subarray(start, start + length));
  return own;
}
