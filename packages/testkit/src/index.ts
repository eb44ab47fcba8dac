export { freePort } from './servers/free-port.js';
export { startMinio, type MinioForTests } from './servers/start-minio.js';
export { startRedis, type RedisForTests } from './servers/start-redis.js';
