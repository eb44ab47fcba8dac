import type { ModelFileAbout } from '@facehash/contracts';
import type { LayerClass } from '../layers.js';
import { fillNetwork, planNetwork, sizeOf, type Network } from '../network.js';

export const ABOUT: ModelFileAbout = {
  version: 'mdl_0',
  features: 'ratios',
  threshold: 1.5,
  labels: [],
  trained_at: '2026-11-24T11:51:38.000Z',
};

type Row = readonly [name: string, className: LayerClass, config: object, ...inputs: string[]];

/** Layers in their order; the last one answers. Variables hold 0.5, 1.5, … */
export function networkOf(...rows: readonly Row[]): Network {
  const layers = rows.map(([name, className, config, ...inputs]) => ({ name, className, config, inputs }));
  let next = 0.5;
  return fillNetwork(planNetwork('model', layers, layers.at(-1)!.name), (_, { shape }) =>
    Float32Array.from({ length: sizeOf(shape) }, () => next++),
  );
}

/** Each kind of layer, and Dense more than once. */
export const everyLayer = (): Network =>
  networkOf(
    ['features', 'InputLayer', { size: 4 }],
    ['first', 'Dense', { units: 3, activation: 'tanh', use_bias: true }, 'features'],
    ['norm', 'BatchNormalization', { axis: -1, epsilon: 0.01, center: true, scale: true }, 'first'],
    ['drop', 'Dropout', { rate: 0.5 }, 'norm'],
    ['relu', 'ReLU', { max_value: 6 }, 'drop'],
    ['second', 'Dense', { units: 3, activation: 'linear', use_bias: false }, 'relu'],
    ['bent', 'Activation', { activation: 'selu' }, 'second'],
    ['product', 'Multiply', {}, 'bent', 'first'],
    ['sum', 'Add', {}, 'product', 'first'],
    ['joined', 'Concatenate', { axis: -1 }, 'sum', 'first'],
    ['answer', 'Dense', { units: 2, activation: 'softmax', use_bias: true }, 'joined'],
  );

export const twins = (): Network =>
  networkOf(['features', 'InputLayer', { size: 4 }], ['squared', 'Multiply', {}, 'features', 'features']);
