import type { ModelFileAbout } from '@facehash/contracts';
import { group, type Hdf5Group } from './hdf5/tree.js';
import { readHdf5 } from './hdf5/read-hdf5.js';
import { writeHdf5 } from './hdf5/write-hdf5.js';
import { KERAS_VERSION, kerasConfig } from './keras-config.js';
import { fromJson, valuesOf } from './keras-file.js';
import { fillNetwork, type Layer, type Network } from './network.js';
import { readTopology } from './topology.js';
import { unsupported } from './unsupported.js';

/** A whole model in Keras' older format, one HDF5 file: layers in an attribute, weights in groups named after them. */
export async function writeH5(network: Network, about: ModelFileAbout): Promise<Uint8Array> {
  const written = { keras_version: KERAS_VERSION, backend: 'tensorflow' };
  const layers = network.layers.map((layer) => [layer.name, weightsGroup(layer)] as const);
  return writeHdf5(
    group({
      attributes: {
        ...written,
        model_config: JSON.stringify(kerasConfig(network)),
        facehash: JSON.stringify(about),
      },
      groups: {
        model_weights: group({
          attributes: { ...written, layer_names: layers.map(([name]) => name) },
          groups: {
            ...Object.fromEntries(layers),
            top_level_model_weights: group({ attributes: { weight_names: [] } }),
          },
        }),
      },
    }),
  );
}

function weightsGroup({ name, variables }: Layer): Hdf5Group {
  const weight_names = variables.map((variable) => `${name}/${variable.name}`);
  if (variables.length === 0) return group({ attributes: { weight_names } });
  const arrays = Object.fromEntries(
    variables.map(({ name: one, shape, values }) => [one, { shape, values }]),
  );
  return group({ attributes: { weight_names }, groups: { [name]: group({ arrays }) } });
}

/** @throws AppError MODEL_UNSUPPORTED */
export async function readH5(bytes: Uint8Array): Promise<Network> {
  const { attributes, groups } = await readHdf5(bytes);
  if (typeof attributes.model_config !== 'string') {
    throw unsupported('it holds weights without layers; save the whole model, with model.save()');
  }
  const plan = readTopology(fromJson(attributes.model_config, 'model_config'));
  return fillNetwork(plan, (layer, { name, shape, at }) => {
    const of = groups.model_weights?.groups[layer.name];
    // Where it lies depends on the version of Keras; its place in this list does not.
    const path = of?.attributes.weight_names?.[at];
    return valuesOf(path === undefined ? undefined : arrayAt(of, path), `${layer.name}/${name}`, shape);
  });
}

function arrayAt(from: Hdf5Group | undefined, path: string): Hdf5Group['arrays'][string] | undefined {
  const steps = path.split('/');
  const last = steps.pop()!;
  return steps.reduce((found, step) => found?.groups[step], from)?.arrays[last];
}
