import { io } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

const WEIGHTS_FILE = 'weights.bin';

/** The two files of TensorFlow.js' layers format: `model.json` (topology and manifest) and `weights.bin`. */
export interface KeyModelFiles {
  readonly modelJson: Uint8Array;
  readonly weights: Uint8Array;
}

/** As bytes, for any storage; `tf.loadLayersModel` of any TensorFlow.js reads them. */
export async function saveKeyModel(model: LayersModel): Promise<KeyModelFiles> {
  let files: KeyModelFiles | undefined;
  await model.save(
    io.withSaveHandler((artifacts) => {
      const { modelTopology, weightSpecs, format, generatedBy } = artifacts;
      const manifest = [{ paths: [WEIGHTS_FILE], weights: weightSpecs }];
      const json = { format, generatedBy, convertedBy: null, modelTopology, weightsManifest: manifest };
      files = {
        modelJson: new TextEncoder().encode(JSON.stringify(json)),
        weights: new Uint8Array(io.CompositeArrayBuffer.join(artifacts.weightData)),
      };
      return Promise.resolve({
        modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' as const },
      });
    }),
  );
  return files!;
}
