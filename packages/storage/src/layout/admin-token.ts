import { hashSecret, newAdminToken } from '@facehash/contracts';
import { z } from 'zod';
import type { ObjectStorage } from '../object-storage.js';
import { findDocument, putDocument } from './document.js';

const PATH = 'keys/admin.json';
const adminSchema = z.object({ tokenHash: z.string().regex(/^[0-9a-f]{64}$/), createdAt: z.iso.datetime() });

export interface AdminTokens {
  /** Undefined before the first start. */
  findHash(): Promise<string | undefined>;
  /** A token where there was none yet: shown to whoever starts the service, stored only as its hash. */
  mint(now: Date): Promise<string | undefined>;
}

/** The token that manages keys, where the operator has not chosen one. Deleting its object makes the next start mint anew. */
export function adminTokens(storage: ObjectStorage): AdminTokens {
  const findHash = async (): Promise<string | undefined> =>
    (await findDocument(storage, PATH, adminSchema))?.tokenHash;

  return {
    findHash,

    async mint(now) {
      if ((await findHash()) !== undefined) return undefined;
      const token = newAdminToken();
      const document = { tokenHash: hashSecret(token), createdAt: now.toISOString() };
      await putDocument(storage, PATH, adminSchema, document);
      return token;
    },
  };
}
