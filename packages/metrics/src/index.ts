export { createMetrics, type Metrics, type Observe } from './metrics.js';
export { missingParts, type MissingPart } from './missing-parts.js';
export { serveMetrics, type MetricsServer } from './serve-metrics.js';
