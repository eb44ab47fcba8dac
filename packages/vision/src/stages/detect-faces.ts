import type { BoundingBox } from '@facehash/contracts';
import type { Mat, OpenCvModule } from '../opencv.js';
import { SMALLEST_SEARCH_SIDE, type DetectionStage } from '../profiles.js';
import { withMats, type Own } from '../with-mats.js';
import type { Cascades } from './cascades.js';

/** Alt2's window; nothing smaller can be found. */
const SMALLEST_WINDOW_PX = 20;

/**
 * The boxes of the first stage that finds any, largest first, in pixels of `image` (they may reach past its border when
 * the stage has padding). Haar cascades find upright, frontal faces; an empty list is no error.
 */
export async function detectFaces(
  image: Mat,
  stages: readonly DetectionStage[],
  o: { cv: OpenCvModule; cascades: Cascades },
): Promise<BoundingBox[]> {
  for (const stage of stages) {
    const boxes = await searchOnce(image, stage, o);
    if (boxes.length > 0) return boxes;
  }
  return [];
}

/** The boxes of one stage, as `detectFaces` returns them. */
export async function searchOnce(
  image: Mat,
  stage: DetectionStage,
  o: { cv: OpenCvModule; cascades: Cascades },
): Promise<BoundingBox[]> {
  const boxes = await withMats((own) => search(image, stage, { ...o, own }));
  return boxes.sort((a, b) => b.width - a.width);
}

async function search(
  image: Mat,
  stage: DetectionStage,
  { cv, cascades, own }: { cv: OpenCvModule; cascades: Cascades; own: Own },
): Promise<BoundingBox[]> {
  const longest = Math.max(image.rows, image.cols) * (1 + 2 * stage.padding);
  const side = Math.min(Math.max(longest, SMALLEST_SEARCH_SIDE), stage.side);
  const scaled = await resized(image, side / longest, cv, own);
  const [padX, padY] = [scaled.cols, scaled.rows].map((length) => Math.round(length * stage.padding));
  const padded =
    stage.padding === 0
      ? scaled
      : own(await scaled.copyMakeBorderAsync(padY!, padY!, padX!, padX!, cv.BORDER_REPLICATE));
  const searched = stage.equalize ? own(await padded.equalizeHistAsync()) : padded;

  const smallest = Math.max(
    SMALLEST_WINDOW_PX,
    Math.round(stage.smallestFace * Math.min(searched.rows, searched.cols)),
  );
  const { objects } = await cascades[stage.cascade].detectMultiScaleAsync(searched, {
    scaleFactor: stage.scaleFactor,
    minNeighbors: stage.minNeighbors,
    minSize: new cv.Size(smallest, smallest),
  });

  const toImageX = image.cols / scaled.cols;
  const toImageY = image.rows / scaled.rows;
  return objects.map(({ x, y, width, height }) => ({
    left: (x - padX!) * toImageX,
    top: (y - padY!) * toImageY,
    width: width * toImageX,
    height: height * toImageY,
  }));
}

/**
 * Linear costs a sixth of area and is as good down to one half. Below it pixels would be skipped, so the image is halved
 * first: averaging two by two is the one case in which area is cheap.
 */
async function resized(image: Mat, factor: number, cv: OpenCvModule, own: Own): Promise<Mat> {
  const rows = Math.max(1, Math.round(image.rows * factor));
  const cols = Math.max(1, Math.round(image.cols * factor));
  let current = image;
  while (current.rows >= 2 * rows && current.cols >= 2 * cols && Math.min(current.rows, current.cols) > 1) {
    current = own(
      await current.resizeAsync(
        Math.floor(current.rows / 2),
        Math.floor(current.cols / 2),
        0,
        0,
        cv.INTER_AREA,
      ),
    );
  }
  if (current.rows === rows && current.cols === cols) return current;
  return own(await current.resizeAsync(rows, cols, 0, 0, cv.INTER_LINEAR));
}
