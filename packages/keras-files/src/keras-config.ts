import type { Layer, Network } from './network.js';

/** The Keras whose layout is written; Keras 3 of any later version reads it. */
export const KERAS_VERSION = '3.15.1';

/** The model's layers as Keras 3 writes them, for `config.json` and for the attribute `model_config` of an .h5. */
export function kerasConfig({ name, layers }: Network): object {
  const widths = new Map(layers.map((layer) => [layer.name, layer.width]));
  const input = layers.find(({ className }) => className === 'InputLayer')!;
  return {
    module: 'keras.src.models.functional',
    class_name: 'Functional',
    config: {
      name,
      trainable: true,
      layers: layers.map((layer) => ({
        module: 'keras.layers',
        class_name: layer.className,
        config: layerConfig(layer),
        registered_name: null,
        name: layer.name,
        inbound_nodes: inboundNodes(layer, widths),
      })),
      input_layers: [[input.name, 0, 0]],
      output_layers: [[layers.at(-1)!.name, 0, 0]],
    },
    registered_name: 'Functional',
  };
}

function layerConfig({ name, className, config }: Layer): object {
  const common = { name, dtype: 'float32' };
  if (className !== 'InputLayer') return { ...common, trainable: true, ...config };
  const { size } = config as { size: number };
  return { ...common, batch_shape: [null, size], sparse: false };
}

function inboundNodes({ inputs }: Layer, widths: ReadonlyMap<string, number>): object[] {
  if (inputs.length === 0) return [];
  const tensors = inputs.map((input) => ({
    class_name: '__keras_tensor__',
    config: { shape: [null, widths.get(input)], dtype: 'float32', keras_history: [input, 0, 0] },
  }));
  // A merging layer takes one list, any other takes its tensor.
  return [{ args: tensors.length === 1 ? tensors : [tensors], kwargs: {} }];
}
