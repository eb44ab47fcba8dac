export { documentedMetrics } from './documented-metrics.js';
export { assertDocumented } from './openapi/documented-answers.js';
export { documentedFetch } from './openapi/documented-fetch.js';
export { freePort } from './servers/free-port.js';
export { startMinio, type MinioForTests } from './servers/start-minio.js';
export { startRedis, type RedisForTests } from './servers/start-redis.js';
export { drawGroup, drawPerson, drawPortrait, drawScene } from './people/index.js';
export type { DrawnPerson, FaceGeometry } from './people/index.js';
