/** Side of the square grey picture of a face that the network takes, in pixels. */
export const FACE_SIDE = 112;
export const FACE_PIXELS = FACE_SIDE ** 2;

/** Numbers in an embedding. */
export const EMBEDDING_SIZE = 128;

/** A convolution with its batch norm folded in, and the PReLU behind it. */
export interface Convolution {
  readonly kind: 'full' | 'depthwise' | 'pointwise';
  readonly inputs: number;
  readonly outputs: number;
  readonly stride: 1 | 2;
  /** A row per output: 9 taps, or for a pointwise one a number per input. */
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
  /** Of the PReLU, per output. */
  readonly slope: Float32Array;
}

/** A row per output over the last feature maps, channel by channel. */
export interface Dense {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

export interface Network {
  /** Of these very weights; embeddings of two ids must not be compared. */
  readonly id: string;
  readonly convolutions: readonly Convolution[];
  readonly dense: Dense;
}

type Shape = Omit<Convolution, 'kernel' | 'bias' | 'slope'>;

/** Outputs and stride of the 13 pairs: a depthwise convolution with the stride, then a pointwise one (Howard et al. 2017, MobileNet). */
const PAIRS: readonly (readonly [outputs: number, stride: 1 | 2])[] = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  ...Array.from({ length: 5 }, () => [512, 1] as const),
  [1024, 2],
  [1024, 1],
];

const FIRST: Shape = { kind: 'full', inputs: 1, outputs: 32, stride: 1 };

/** SFace as OpenCV Zoo has it (Zhong et al. 2021), but for its input: one grey channel, where the original has three. */
export const CONVOLUTIONS: readonly Shape[] = PAIRS.reduce<Shape[]>(
  (shapes, [outputs, stride]) => {
    const inputs = shapes.at(-1)!.outputs;
    return [
      ...shapes,
      { kind: 'depthwise', inputs, outputs: inputs, stride },
      { kind: 'pointwise', inputs, outputs, stride: 1 },
    ];
  },
  [FIRST],
);

/** Side of the last feature maps: 112 halved by four strides. */
const mapSide = FACE_SIDE / 2 ** PAIRS.filter(([, stride]) => stride === 2).length;
export const MAP_AREA = mapSide ** 2;

/** The network takes (grey − CENTRE) / SPREAD. */
export const CENTRE = 127.5;
export const SPREAD = 128;
