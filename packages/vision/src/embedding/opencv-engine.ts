import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CENTRE,
  EMBEDDING_SIZE,
  FACE_PIXELS,
  FACE_SIDE,
  inTurn,
  SPREAD,
  toOnnx,
  type EmbeddingEngine,
  type Network,
} from '@facehash/sface';
import type { Net, OpenCvModule } from '../opencv.js';

/** The network on OpenCV's own inference, one face after the other. An engine holds 38 MB of weights. */
export async function createOpenCvEngine(cv: OpenCvModule, network: Network): Promise<EmbeddingEngine> {
  const net = await readNet(cv, network);
  const size = new cv.Size(FACE_SIDE, FACE_SIDE);
  const centre = new cv.Vec3(CENTRE, CENTRE, CENTRE);
  const turn = inTurn();

  const embedOne = async (face: Uint8Array): Promise<Float32Array> => {
    const image = new cv.Mat(Buffer.from(face), FACE_SIDE, FACE_SIDE, cv.CV_8UC1);
    // By position: the binding's options have other names than its types. Unless told not to, it swaps red and blue, of which
    // there are none: OpenCV 4.10 warns of that for every face.
    const blob = await cv.blobFromImageAsync(image, 1 / SPREAD, size, centre, false);
    image.release();
    net.setInput(blob);
    const output = await net.forwardAsync();
    blob.release();
    // It is a part of the network's own memory, whose data the binding does not hand out.
    const copy = await output.copyAsync();
    output.release();
    const data = await copy.getDataAsync();
    copy.release();
    // A copy of our own: under Jest, what native code made is of another realm.
    return new Float32Array(Uint8Array.from(data).buffer);
  };

  return {
    name: 'OpenCV DNN (CPU)',
    embed: (faces) =>
      turn(async () => {
        const count = faces.length / FACE_PIXELS;
        const embeddings = new Float32Array(count * EMBEDDING_SIZE);
        for (let at = 0; at < count; at++) {
          const face = faces.subarray(at * FACE_PIXELS, (at + 1) * FACE_PIXELS);
          embeddings.set(await embedOne(face), at * EMBEDDING_SIZE);
        }
        return embeddings;
      }),
    close: () => undefined,
  };
}

/** OpenCV reads networks from files only, as the binding has it. */
async function readNet(cv: OpenCvModule, network: Network): Promise<Net> {
  const folder = await mkdtemp(join(tmpdir(), 'facehash-sface-'));
  try {
    const file = join(folder, 'sface.onnx');
    await writeFile(file, toOnnx(network));
    return await cv.readNetFromONNXAsync(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
