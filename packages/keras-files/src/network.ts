import { layerKind, type LayerClass } from './layers.js';
import { unsupported } from './unsupported.js';

interface Variable {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A layer before its numbers are known. */
export interface PlannedLayer {
  readonly name: string;
  readonly className: LayerClass;
  readonly config: object;
  /** Names of the layers whose outputs it takes. */
  readonly inputs: readonly string[];
}

export interface Layer extends PlannedLayer {
  /** Numbers that leave it. */
  readonly width: number;
  /** In Keras' order. */
  readonly variables: readonly Variable[];
}

/** A model of one input and one output as plain data, whatever file it came from. Layers follow those they take from. */
export interface Network {
  readonly name: string;
  readonly layers: readonly Layer[];
  /** Numbers of a feature vector. */
  readonly size: number;
  /** Numbers of an answer. */
  readonly labels: number;
}

export interface Plan {
  readonly name: string;
  readonly layers: readonly (Omit<Layer, 'variables'> & {
    readonly shapes: Readonly<Record<string, readonly number[]>>;
  })[];
  readonly size: number;
  readonly labels: number;
}

/** A key's own model has six layers, and 1.6 million numbers for 1 000 people on the ratios. */
export const NETWORK_LIMITS = { layers: 64, width: 65_536, parameters: 12_000_000 } as const;

/**
 * Follows the widths through the layers, and knows from then on what variables there must be: nothing is allocated for a
 * file that does not fit together, or that asks for too much.
 * @param output the name of the layer that answers
 * @throws AppError MODEL_UNSUPPORTED
 */
export function planNetwork(name: string, layers: readonly PlannedLayer[], output: string): Plan {
  if (layers.length > NETWORK_LIMITS.layers) {
    throw unsupported(`it has ${layers.length} layers, and ${NETWORK_LIMITS.layers} are the most`);
  }
  const widths = new Map<string, number>();
  let parameters = 0;
  const planned = layers.map((layer) => {
    if (widths.has(layer.name)) throw unsupported(`two layers are named "${layer.name}"`);
    const inputs = layer.inputs.map((input) => {
      const width = widths.get(input);
      if (width === undefined) {
        throw unsupported(`layer "${layer.name}" takes from "${input}", which is no layer before it`);
      }
      return width;
    });
    const kind = layerKind(layer.className);
    const width = kind.width(layer.config, inputs);
    if (width === undefined) {
      throw unsupported(
        `${layer.className} "${layer.name}" cannot take inputs of ${inputs.join(' and ')} numbers`,
      );
    }
    const shapes = kind.variables(layer.config, inputs);
    parameters += Object.values(shapes).reduce((sum, shape) => sum + sizeOf(shape), 0);
    if (width > NETWORK_LIMITS.width || parameters > NETWORK_LIMITS.parameters) {
      const { width: most, parameters: numbers } = NETWORK_LIMITS;
      throw unsupported(
        `it is too large: at most ${numbers} parameters, and ${most} numbers between two layers`,
      );
    }
    widths.set(layer.name, width);
    return { ...layer, shapes, width };
  });
  const inputs = layers.filter(({ className }) => className === 'InputLayer');
  if (inputs.length !== 1) throw unsupported(`it has ${inputs.length} inputs; one is expected`);
  const labels = widths.get(output);
  if (labels === undefined) throw unsupported(`its output "${output}" is no layer`);
  if (layers.at(-1)?.name !== output) throw unsupported(`its last layer is not its output "${output}"`);
  return { name, layers: planned, size: widths.get(inputs[0]!.name)!, labels };
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1);

/**
 * @param find the numbers of a variable; `at` counts those of the layer, in Keras' order
 * @throws whatever `find` throws
 */
export function fillNetwork(
  { layers, ...plan }: Plan,
  find: (
    layer: PlannedLayer,
    variable: { name: string; shape: readonly number[]; at: number },
  ) => Float32Array,
): Network {
  return {
    ...plan,
    layers: layers.map(({ shapes, ...layer }) => ({
      ...layer,
      variables: Object.entries(shapes).map(([name, shape], at) => ({
        ...{ name, shape },
        values: find(layer, { name, shape, at }),
      })),
    })),
  };
}
