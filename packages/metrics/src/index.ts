export { createMetrics, type Metrics, type Observe } from './metrics.js';
export { serveMetrics, type MetricsServer } from './serve-metrics.js';
