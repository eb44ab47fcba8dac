import { isAppError } from '@facehash/contracts';
import { requireScope, type Authenticate, type CallerKey } from '../authentication/authenticate.js';
import type { RateLimits } from './rate-limits.js';

/**
 * Counts every request where it becomes known whose it is. Who has a valid key is never refused for the failures of
 * others behind the same address.
 * @throws also AppError RATE_LIMITED
 */
export function limitRates(authenticate: Authenticate, rates: RateLimits): Authenticate {
  const identify = async (req: Parameters<Authenticate>[0]): Promise<CallerKey> => {
    try {
      return await authenticate(req);
    } catch (error) {
      if (isAppError(error) && error.code === 'UNAUTHORIZED') await rates.countFailure(req);
      throw error;
    }
  };

  return async (req, scope) => {
    const key = await identify(req);
    await rates.countRequest(req, key);
    if (scope !== undefined) requireScope(key, scope);
    return key;
  };
}
