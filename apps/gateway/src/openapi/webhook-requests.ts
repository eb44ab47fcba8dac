import { WEBHOOK_EVENTS, webhookEventSchema } from '@facehash/contracts';
import { reference } from './json-schema.js';
import { ANSWER_SCHEMAS } from './schema-names.js';

const WEBHOOK_HEADERS = {
  'webhook-id': 'The same at every attempt: act once.',
  'webhook-timestamp': 'Of the attempt, in seconds.',
  'webhook-signature':
    'Standard Webhooks 1.0: `v1,` and a base64 HMAC-SHA256; one that fits of several is enough.',
} as const;

/** The requests that receivers get, by the type of their event: the `webhooks` of OpenAPI 3.1. */
export const webhookRequests = () =>
  Object.fromEntries(WEBHOOK_EVENTS.map((type) => [type, toWebhook(type)]));

function toWebhook(type: string) {
  const event = {
    allOf: [reference(ANSWER_SCHEMAS, webhookEventSchema)],
    properties: { type: { const: type } },
  };
  return {
    post: {
      tags: ['Webhooks'],
      summary: `\`${type}\` has happened`,
      security: [],
      parameters: Object.entries(WEBHOOK_HEADERS).map(([name, description]) => ({
        ...{ name, in: 'header', required: true, description, schema: { type: 'string' } },
      })),
      requestBody: { required: true, content: { 'application/json': { schema: event } } },
      responses: { '2XX': { description: 'It has arrived; with any other answer it is sent again.' } },
    },
  };
}
