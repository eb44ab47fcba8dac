/** Preloaded into the gateway: collects all garbage at SIGUSR2, so that what its heap holds afterwards is alive. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
process.on('SIGUSR2', () => collect());
