import { fileURLToPath } from 'node:url';
import { fail, ok, type Check } from './check.js';
import { diskSpace } from './disk-space.js';
import type { DoctorSettings } from './settings.js';

const OLDEST_NODE = 20;

export const MACHINE_CHECKS: readonly Check<DoctorSettings>[] = [
  {
    name: 'Node.js',
    advice: 'Install Node.js 20 or newer.',
    run() {
      const { node } = process.versions;
      if (Number(node.split('.')[0]) >= OLDEST_NODE) return Promise.resolve(ok(node));
      return Promise.resolve(fail(`${node}; at least ${OLDEST_NODE} is needed`, 'Install a newer one.'));
    },
  },
  {
    name: 'Disk space',
    advice: 'Start the server once, or correct FACEHASH_STORAGE_URL.',
    run: ({ storageUrl, dataDir }) =>
      diskSpace(storageUrl.startsWith('file:') ? fileURLToPath(storageUrl) : dataDir),
  },
];
