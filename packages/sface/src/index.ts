export { checkEngine } from './check-engine.js';
export { inTurn, type EmbeddingEngine } from './engine.js';
export { CENTRE, EMBEDDING_SIZE, FACE_PIXELS, FACE_SIDE, SPREAD, type Network } from './network.js';
export { toOnnx } from './onnx/to-onnx.js';
export { shippedNetwork } from './shipped-network.js';
export { createTfjsEngine } from './tfjs/tfjs-engine.js';
