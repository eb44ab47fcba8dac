import { z } from 'zod';

/** The body of `/healthz` (`ok`) and `/readyz` (`ready`); anything else there is a problem document. */
export const healthSchema = z.object({ status: z.enum(['ok', 'ready']) });

export type Health = z.infer<typeof healthSchema>;
