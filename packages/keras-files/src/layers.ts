import { z } from 'zod';

/**
 * Activations that Keras 2, Keras 3 and TensorFlow.js compute alike. `hard_sigmoid` is another function in Keras 3, and
 * `gelu` and `silu` are approximated or named differently.
 */
export const ACTIVATIONS = [
  'linear',
  'relu',
  'elu',
  'selu',
  'sigmoid',
  'softmax',
  'softplus',
  'softsign',
  'tanh',
] as const;

const activation = z.enum(ACTIVATIONS);

/** A vector has one axis beside the batch; it may be called by either number. */
const lastAxis = z.union([z.literal(-1), z.literal(1)]).transform(() => -1 as const);

interface LayerKind<Config extends object> {
  /** What of the layer's config counts; the rest (initialisers, regularisers) only matters to training. */
  readonly config: z.ZodType<Config>;
  /** Variables in Keras' order, with their shapes. */
  readonly variables: (config: Config, inputs: readonly number[]) => Record<string, readonly number[]>;
  /** Numbers that leave it; undefined when these inputs do not fit. */
  readonly width: (config: Config, inputs: readonly number[]) => number | undefined;
}

const kind = <Config extends object>(layer: LayerKind<Config>) => layer;
const only = ([width]: readonly number[]) => width;
const same = (inputs: readonly number[]) =>
  inputs.length > 1 && inputs.every((width) => width === inputs[0]) ? inputs[0] : undefined;

/**
 * The layers that may be in a model, as data: the same table reads what others send, checks what is stored, and writes what
 * is handed out. All are arithmetic on vectors; nothing here names code, so a file never chooses what runs.
 */
const LAYER_KINDS = {
  InputLayer: kind({
    config: z
      .object({ batch_shape: z.unknown(), batch_input_shape: z.unknown() })
      .partial()
      .transform((config) => config.batch_shape ?? config.batch_input_shape)
      .pipe(z.tuple([z.null(), z.int().positive()], 'expected an input of shape [null, numbers]'))
      .transform(([, size]) => ({ size })),
    variables: () => ({}),
    width: ({ size }, inputs) => (inputs.length === 0 ? size : undefined),
  }),
  Dense: kind({
    config: z.object({
      units: z.int().positive(),
      activation: activation.default('linear'),
      use_bias: z.boolean().default(true),
    }),
    variables: ({ units, use_bias }, inputs) => ({
      kernel: [only(inputs) ?? 0, units],
      ...(use_bias && { bias: [units] }),
    }),
    width: ({ units }, inputs) => (inputs.length === 1 ? units : undefined),
  }),
  Activation: kind({
    config: z.object({ activation }),
    variables: () => ({}),
    width: (_, inputs) => (inputs.length === 1 ? only(inputs) : undefined),
  }),
  ReLU: kind({
    config: z
      .object({
        max_value: z.number().nullish(),
        negative_slope: z.literal(0).nullish(),
        threshold: z.literal(0).nullish(),
      })
      .transform(({ max_value }) => ({ max_value: max_value ?? null })),
    variables: () => ({}),
    width: (_, inputs) => (inputs.length === 1 ? only(inputs) : undefined),
  }),
  Dropout: kind({
    config: z.object({ rate: z.number().min(0).max(1) }),
    variables: () => ({}),
    width: (_, inputs) => (inputs.length === 1 ? only(inputs) : undefined),
  }),
  BatchNormalization: kind({
    config: z.object({
      axis: z.union([lastAxis, z.tuple([lastAxis]).transform(() => -1 as const)]).default(-1),
      epsilon: z.number().positive().default(1e-3),
      center: z.boolean().default(true),
      scale: z.boolean().default(true),
    }),
    variables: ({ center, scale }, inputs) => {
      const shape = [only(inputs) ?? 0];
      return {
        ...(scale && { gamma: shape }),
        ...(center && { beta: shape }),
        ...{ moving_mean: shape, moving_variance: shape },
      };
    },
    width: (_, inputs) => (inputs.length === 1 ? only(inputs) : undefined),
  }),
  Multiply: kind({ config: z.object({}), variables: () => ({}), width: (_, inputs) => same(inputs) }),
  Add: kind({ config: z.object({}), variables: () => ({}), width: (_, inputs) => same(inputs) }),
  Concatenate: kind({
    config: z.object({ axis: lastAxis.default(-1) }),
    variables: () => ({}),
    width: (_, inputs) => (inputs.length > 1 ? inputs.reduce((sum, width) => sum + width, 0) : undefined),
  }),
} as const;

export type LayerClass = keyof typeof LAYER_KINDS;

export const LAYER_CLASSES = Object.keys(LAYER_KINDS) as [LayerClass, ...LayerClass[]];

/** The table's row for a class that is known only at run time. Its config has been parsed by that same row. */
export function layerKind(className: LayerClass): LayerKind<object> {
  return LAYER_KINDS[className] as LayerKind<object>;
}
