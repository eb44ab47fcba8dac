import type { AdminTokens } from '@facehash/storage';

/**
 * At the first start of an installation, the token that manages its keys. Printed beside the log, not into it: whatever
 * the log's level, it is seen the one time it can be seen. Called once the gateway listens, since a start that fails
 * after minting would have minted for nobody.
 */
export async function mintAdminToken(tokens: AdminTokens, print: (line: string) => void): Promise<void> {
  const token = await tokens.mint(new Date());
  if (token === undefined) return;
  print(`Admin token for /v1/keys, shown only now: ${token}`);
}
