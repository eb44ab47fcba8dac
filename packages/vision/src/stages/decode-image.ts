import { isAppError } from '@facehash/contracts';
import { unreadable, type Orientation } from '../image-file/image-file-format.js';
import { asBuffer, readImageHeader } from '../image-file/image-header.js';
import type { Mat, OpenCvModule } from '../opencv.js';
import type { Own } from '../with-mats.js';
import type { Decoder } from './decoder.js';
import { reductionFor, type WorkingImage } from './working-image.js';

/**
 * Header, limit, pixels, orientation: in this order, so that nothing is decoded that is too large. The matrix belongs to
 * the scope behind `own`. Throws AppError IMAGE_EMPTY, IMAGE_TYPE_UNSUPPORTED, IMAGE_TOO_MANY_PIXELS, IMAGE_UNREADABLE.
 */
export async function decodeImage(
  image: Uint8Array,
  o: { cv: OpenCvModule; decoder: Decoder; maxPixels: number; own: Own },
): Promise<WorkingImage> {
  const header = readImageHeader(image, o.maxPixels);
  const reduction = reductionFor(header.width, header.height);
  const stored = o.own(await decodeOrRefuse());
  const [rows, cols] = [header.height, header.width].map((side) => Math.ceil(side / reduction));
  if (stored.rows !== rows || stored.cols !== cols)
    throw unreadable('its size is not what its header states');
  const mat = await turnUpright(stored, header.orientation, o);
  const [width, height] =
    header.orientation >= 5 ? [header.height, header.width] : [header.width, header.height];
  return { mat, width, height, scale: reduction };

  async function decodeOrRefuse(): Promise<Mat> {
    try {
      return await o.decoder.decode(asBuffer(image), header, reduction);
    } catch (error) {
      throw isAppError(error) ? error : unreadable('its pixels cannot be decoded', error);
    }
  }
}

type Turn = 0 | 90 | 180 | 270;

/** EXIF 2.32, tag 274: first mirrored left to right or not, then turned clockwise. */
const TURNS: Readonly<Record<Orientation, readonly [mirrored: boolean, clockwise: Turn]>> = {
  1: [false, 0],
  2: [true, 0],
  3: [false, 180],
  4: [true, 180],
  5: [true, 270],
  6: [false, 90],
  7: [true, 90],
  8: [false, 270],
};

async function turnUpright(
  stored: Mat,
  orientation: Orientation,
  { cv, own }: { cv: OpenCvModule; own: Own },
): Promise<Mat> {
  const [mirrored, clockwise] = TURNS[orientation];
  const rotation = {
    0: undefined,
    90: cv.ROTATE_90_CLOCKWISE,
    180: cv.ROTATE_180,
    270: cv.ROTATE_90_COUNTERCLOCKWISE,
  }[clockwise];
  const facing = mirrored ? own(await stored.flipAsync(1)) : stored;
  return rotation === undefined ? facing : own(await facing.rotateAsync(rotation));
}
