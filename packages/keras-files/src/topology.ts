import { z } from 'zod';
import { LAYER_CLASSES, layerKind, type LayerClass } from './layers.js';
import { planNetwork, type Plan, type PlannedLayer } from './network.js';
import { unsupported } from './unsupported.js';

const layerSchema = z.object({
  class_name: z.string(),
  /** Keras 3 says where a class comes from, TensorFlow.js does not. */
  module: z.string().nullish(),
  config: z.looseObject({ name: z.string().min(1).max(200) }),
  inbound_nodes: z.array(z.unknown()).default([]),
});

const topologySchema = z.object({
  class_name: z.enum(['Functional', 'Model', 'Sequential']),
  config: z.object({
    name: z.string().default('model'),
    layers: z.array(layerSchema).min(1).max(1000),
    output_layers: z.unknown().optional(),
  }),
});

/** How each writes down where a layer's input comes from: Keras 3 as a tensor with its history, Keras 2 and TensorFlow.js as a list. */
const kerasTensorSchema = z.object({
  class_name: z.literal('__keras_tensor__'),
  config: z.looseObject({ keras_history: z.tuple([z.string(), z.literal(0), z.literal(0)]) }),
});
const kerasNodeSchema = z.object({
  args: z.tuple([z.union([kerasTensorSchema, z.array(kerasTensorSchema)])]),
  // `training` and the like say nothing about what is computed here.
  kwargs: z.record(z.string(), z.union([z.null(), z.boolean()])).default({}),
});
const listNodeSchema = z.array(
  z.tuple([z.string(), z.literal(0), z.literal(0)]).rest(z.record(z.string(), z.unknown())),
);

/** `["llr", 0, 0]`, or a list of one such. */
const outputSchema = z.union([
  z.tuple([z.string(), z.literal(0), z.literal(0)]),
  z.tuple([z.tuple([z.string(), z.literal(0), z.literal(0)])]).transform(([output]) => output),
]);

/**
 * Understands the JSON of a model's layers, of Keras 3, Keras 2 or TensorFlow.js.
 * @throws AppError MODEL_UNSUPPORTED, which names the layer and what is wrong with it
 */
export function readTopology(json: unknown): Plan {
  const topology = parse(topologySchema, json, 'its list of layers');
  const { name, layers, output_layers } = topology.config;
  if (topology.class_name === 'Sequential') {
    const chain = withInput(layers);
    const planned = chain.map((layer, at) => toLayer(layer, at === 0 ? [] : [chain[at - 1]!.config.name]));
    return planNetwork(name, planned, chain.at(-1)!.config.name);
  }
  const [output] = parse(outputSchema, output_layers, 'its output');
  return planNetwork(
    name,
    layers.map((layer) => toLayer(layer, inputsOf(layer))),
    output,
  );
}

type LayerJson = z.infer<typeof layerSchema>;

/** Keras 2 and TensorFlow.js may leave the input layer out of a Sequential, and give its shape to the first layer. */
function withInput(layers: readonly LayerJson[]): readonly LayerJson[] {
  const [first] = layers;
  if (first === undefined || first.class_name === 'InputLayer') return layers;
  const { batch_input_shape } = first.config;
  const config = { name: `${first.config.name}_input`, batch_input_shape };
  return [{ class_name: 'InputLayer', config, inbound_nodes: [] }, ...layers];
}

function toLayer({ class_name, module, config }: LayerJson, inputs: readonly string[]): PlannedLayer {
  const className = LAYER_CLASSES.find((known): known is LayerClass => known === class_name);
  const where = `${class_name} "${config.name}"`;
  if (className === undefined || (module ?? 'keras.layers') !== 'keras.layers') {
    throw unsupported(`layer ${where} is none of ${LAYER_CLASSES.join(', ')}`);
  }
  return { name: config.name, className, config: parse(layerKind(className).config, config, where), inputs };
}

function inputsOf({ class_name, config, inbound_nodes }: LayerJson): readonly string[] {
  const where = `the input of ${class_name} "${config.name}"`;
  if (inbound_nodes.length === 0) return [];
  if (inbound_nodes.length > 1)
    throw unsupported(`layer "${config.name}" is used ${inbound_nodes.length} times`);
  const [node] = inbound_nodes;
  if (Array.isArray(node)) return parse(listNodeSchema, node, where).map(([name]) => name);
  const [tensors] = parse(kerasNodeSchema, node, where).args;
  return [tensors].flat().map((tensor) => tensor.config.keras_history[0]);
}

function parse<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw unsupported(`${what} is not as expected: ${problemsOf(parsed.error)}`, parsed.error);
}

/** A hostile file can have as many as it likes. */
function problemsOf({ issues }: z.ZodError): string {
  return issues
    .slice(0, 3)
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`))
    .join('; ')
    .slice(0, 500);
}
