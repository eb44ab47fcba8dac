import { z } from 'zod';
import { fillNetwork, sizeOf, type Network, type Plan } from './network.js';
import { readTopology } from './topology.js';
import { unsupported } from './unsupported.js';

/** The two files of TensorFlow.js' layers format: `model.json` (topology and manifest) and `weights.bin`. */
export interface TfjsFiles {
  readonly modelJson: Uint8Array;
  readonly weights: Uint8Array;
}

const weightSchema = z.object({ name: z.string(), shape: z.array(z.int()), dtype: z.literal('float32') });

const modelJsonSchema = z.object({
  modelTopology: z.looseObject({}),
  weightsManifest: z.tuple([z.object({ weights: z.array(weightSchema) })]),
});

export interface TfjsModel {
  readonly plan: Plan;
  readonly modelTopology: object;
  readonly weightSpecs: z.infer<typeof weightSchema>[];
}

/**
 * Checks that layers, manifest and bytes fit together, and reads no number.
 * @throws AppError MODEL_UNSUPPORTED
 */
export function readTfjsModel({ modelJson, weights }: TfjsFiles): TfjsModel {
  const { modelTopology, weightsManifest } = parseJson(modelJson);
  const plan = readTopology(modelTopology);
  const weightSpecs = weightsManifest[0].weights;
  const found = new Map(weightSpecs.map(({ name, shape }) => [name, shape.join(' × ')]));
  const expected = plan.layers.flatMap((layer) =>
    Object.entries(layer.shapes).map(([name, shape]) => ({ name: `${layer.name}/${name}`, shape })),
  );
  for (const { name, shape } of expected) {
    if (found.get(name) === shape.join(' × ')) continue;
    throw unsupported(`expected ${name} of ${shape.join(' × ')} numbers, got ${found.get(name) ?? 'none'}`);
  }
  if (weightSpecs.length !== expected.length) {
    throw unsupported(`expected ${expected.length} variables, got ${weightSpecs.length}`);
  }
  const bytes = 4 * expected.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  if (weights.byteLength !== bytes) {
    throw unsupported(`expected ${bytes} bytes of weights, got ${weights.byteLength}`);
  }
  return { plan, modelTopology, weightSpecs };
}

/** @throws AppError MODEL_UNSUPPORTED */
export function readTfjs(files: TfjsFiles): Network {
  const { plan, weightSpecs } = readTfjsModel(files);
  const values = new Map<string, Float32Array>();
  let from = 0;
  for (const { name, shape } of weightSpecs) {
    const to = from + 4 * sizeOf(shape);
    // A copy: a view of floats must begin at a multiple of four bytes.
    values.set(name, new Float32Array(Uint8Array.from(files.weights.subarray(from, to)).buffer));
    from = to;
  }
  return fillNetwork(plan, (layer, { name }) => values.get(`${layer.name}/${name}`)!);
}

/** As any TensorFlow.js loads it. */
export function writeTfjs(network: Network): TfjsFiles {
  const layers = withoutTwins(network.layers);
  const variables = layers.flatMap((layer) =>
    layer.variables.map(({ name, shape, values }) => ({ name: `${layer.name}/${name}`, shape, values })),
  );
  const weights = variables.map(({ name, shape }) => ({ name, shape, dtype: 'float32' }));
  const json = {
    format: 'layers-model',
    generatedBy: 'FaceHash',
    convertedBy: null,
    modelTopology: {
      class_name: 'Functional',
      config: {
        name: network.name,
        layers: layers.map((layer) => ({
          class_name: layer.className,
          name: layer.name,
          config: tfjsConfig(layer),
          inbound_nodes: layer.inputs.length === 0 ? [] : [layer.inputs.map((input) => [input, 0, 0, {}])],
        })),
        input_layers: [[layers.find(({ className }) => className === 'InputLayer')!.name, 0, 0]],
        output_layers: [[layers.at(-1)!.name, 0, 0]],
      },
    },
    weightsManifest: [{ paths: ['weights.bin'], weights }],
  };
  return {
    modelJson: new TextEncoder().encode(JSON.stringify(json)),
    weights: Buffer.concat(variables.map(({ values }) => new Uint8Array(new Float32Array(values).buffer))),
  };
}

type Layer = Network['layers'][number];

/** TensorFlow.js 4 frees x too early in Multiply([x, x]): the second one is taken through a linear activation. */
function withoutTwins(layers: readonly Layer[]): Layer[] {
  return layers.flatMap((layer) => {
    const copies: Layer[] = [];
    const inputs = layer.inputs.map((input, at) => {
      if (layer.inputs.indexOf(input) === at) return input;
      const name = `${layer.name}_copy_${at}`;
      const { width } = layers.find((other) => other.name === input)!;
      const config = { activation: 'linear' };
      copies.push({ name, className: 'Activation', config, inputs: [input], width, variables: [] });
      return name;
    });
    return [...copies, { ...layer, inputs }];
  });
}

function tfjsConfig({ name, className, config }: Layer): object {
  if (className === 'InputLayer') {
    const { size } = config as { size: number };
    return { name, batch_input_shape: [null, size], dtype: 'float32', sparse: false };
  }
  // Weights are set from the file; random ones for 2 278 × 110 take longer than all the rest.
  const zeros = className === 'Dense' && { kernel_initializer: { class_name: 'Zeros', config: {} } };
  return { name, ...config, ...zeros };
}

function parseJson(bytes: Uint8Array): z.infer<typeof modelJsonSchema> {
  try {
    return modelJsonSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw unsupported(
      `model.json: ${cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause)}`,
      cause,
    );
  }
}
