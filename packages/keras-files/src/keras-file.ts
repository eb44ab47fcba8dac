import type { ModelFileAbout } from '@facehash/contracts';
import { group, type Hdf5Group } from './hdf5/tree.js';
import { readHdf5 } from './hdf5/read-hdf5.js';
import { writeHdf5 } from './hdf5/write-hdf5.js';
import { KERAS_VERSION, kerasConfig } from './keras-config.js';
import { fillNetwork, NETWORK_LIMITS, sizeOf, type Network } from './network.js';
import { readTopology } from './topology.js';
import { unsupported } from './unsupported.js';
import { readZip, writeZip } from './zip.js';

const CONFIG_BYTES = 2_000_000;
/** Parameters and, beside them, the state of an optimiser: up to two numbers more for each. */
const WEIGHTS_BYTES = 4 * 3 * NETWORK_LIMITS.parameters + 1_000_000;

/** As Keras 3 saves it: a zip of `metadata.json`, `config.json` and `model.weights.h5`; Keras passes over `facehash.json`. */
export async function writeKeras(network: Network, about: ModelFileAbout): Promise<Uint8Array> {
  const nextName = pathNames();
  const layers = network.layers.map((layer): [string, Hdf5Group] => {
    const arrays = Object.fromEntries(
      layer.variables.map(({ shape, values }, at) => [String(at), { shape, values }]),
    );
    const vars = group({ attributes: { name: layer.name }, arrays });
    return [nextName(layer.className), group({ groups: { vars } })];
  });
  const weights = await writeHdf5(
    group({
      groups: {
        layers: group({ groups: Object.fromEntries(layers) }),
        vars: group({ attributes: { name: network.name } }),
      },
    }),
  );
  // 2026-11-24@11:51:38
  const date_saved = about.trained_at.slice(0, 19).replace('T', '@');
  return writeZip({
    'metadata.json': toJson({ keras_version: KERAS_VERSION, date_saved }),
    'config.json': toJson(kerasConfig(network)),
    'model.weights.h5': weights,
    'facehash.json': toJson(about),
  });
}

/** @throws AppError MODEL_UNSUPPORTED */
export async function readKeras(bytes: Uint8Array): Promise<Network> {
  const files = await readZip(bytes, {
    'config.json': { maxBytes: CONFIG_BYTES },
    'model.weights.h5': { maxBytes: WEIGHTS_BYTES },
  });
  const plan = readTopology(fromJson(files['config.json'], 'config.json'));
  const { layers } = (await readHdf5(files['model.weights.h5'])).groups;
  const nextName = pathNames();
  const paths = new Map(plan.layers.map(({ name, className }) => [name, nextName(className)]));
  return fillNetwork(plan, (layer, { name, shape, at }) => {
    const found = layers?.groups[paths.get(layer.name)!]?.groups.vars?.arrays[String(at)];
    return valuesOf(found, `${layer.name}/${name}`, shape);
  });
}

/** @throws AppError MODEL_UNSUPPORTED for an array that is missing or of another shape */
export function valuesOf(
  found: Hdf5Group['arrays'][string] | undefined,
  name: string,
  shape: readonly number[],
): Float32Array {
  const expected = shape.join(' × ');
  if (found?.shape.join(' × ') === expected && found.values.length === sizeOf(shape)) return found.values;
  throw unsupported(`expected ${name} of ${expected} numbers, got ${found?.shape.join(' × ') ?? 'none'}`);
}

export function fromJson(json: Uint8Array | string, what: string): unknown {
  try {
    return JSON.parse(typeof json === 'string' ? json : new TextDecoder().decode(json));
  } catch (cause) {
    throw unsupported(`${what} is no JSON`, cause);
  }
}

const toJson = (value: object): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** What Keras calls a layer among the weights: its class and, from the second of it on, a number. */
function pathNames(): (className: string) => string {
  const seen = new Map<string, number>();
  return (className) => {
    const name = className
      .replaceAll(/(.)([A-Z][a-z]+)/g, '$1_$2')
      .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
      .toLowerCase();
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return before === 0 ? name : `${name}_${before}`;
  };
}
