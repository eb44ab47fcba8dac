import {
  idSchema,
  newWebhookSchema,
  rotateKeySchema,
  signingSecretResourceSchema,
  webhookChangeSchema,
  webhookDeliveryListQuerySchema,
  webhookDeliveryListSchema,
  webhookDeliverySchema,
  webhookListSchema,
  webhookResourceSchema,
  webhookWithSecretSchema,
} from '@facehash/contracts';
import type { z } from 'zod';
import type { Answer, Operation } from '../operation.js';

const ofWebhook = { id: idSchema('webhook') };
const ofDelivery = { id: idSchema('delivery') };
const shared = { tag: 'Webhooks', access: 'webhooks' } as const;

const ok = (description: string, body: z.ZodType): Answer => ({
  ...{ status: 200, description, body, headers: ['Cache-Control'] as const },
});

export const webhookOperations: readonly Operation[] = [
  {
    ...shared,
    id: 'createWebhook',
    method: 'post',
    path: '/v1/webhooks',
    summary: 'Register a webhook',
    description:
      'Answered with its signing secret, which is shown only now. A `webhook.ping` is sent to it at once; whether it ' +
      'arrived is in the list of deliveries. Without `events` it is told of everything.',
    body: { required: true, json: newWebhookSchema },
    answers: [
      {
        status: 201,
        description: 'The webhook with its secret.',
        body: webhookWithSecretSchema,
        headers: ['Location', 'Cache-Control'],
      },
    ],
    problems: ['WEBHOOK_ADDRESS_REFUSED', 'TOO_MANY_WEBHOOKS'],
  },
  {
    ...shared,
    id: 'listWebhooks',
    method: 'get',
    path: '/v1/webhooks',
    summary: 'List the webhooks of a key',
    answers: [ok('All webhooks, oldest first.', webhookListSchema)],
  },
  {
    ...shared,
    id: 'getWebhook',
    method: 'get',
    path: '/v1/webhooks/{id}',
    summary: 'Get a webhook',
    pathParameters: ofWebhook,
    answers: [ok('The webhook.', webhookResourceSchema)],
    problems: ['NOT_FOUND'],
  },
  {
    ...shared,
    id: 'changeWebhook',
    method: 'patch',
    path: '/v1/webhooks/{id}',
    summary: 'Change a webhook, disable it or enable it again',
    description: 'What is left out stays. One that was disabled is sent nothing that happened meanwhile.',
    pathParameters: ofWebhook,
    body: { required: true, json: webhookChangeSchema },
    answers: [ok('The webhook, changed.', webhookResourceSchema)],
    problems: ['NOT_FOUND', 'WEBHOOK_ADDRESS_REFUSED'],
  },
  {
    ...shared,
    id: 'deleteWebhook',
    method: 'delete',
    path: '/v1/webhooks/{id}',
    summary: 'Delete a webhook',
    description: 'What is on its way to it is sent no more.',
    pathParameters: ofWebhook,
    answers: [{ status: 204, description: 'It is gone.' }],
    problems: ['NOT_FOUND'],
  },
  {
    ...shared,
    id: 'rotateWebhookSecret',
    method: 'post',
    path: '/v1/webhooks/{id}/rotate',
    summary: 'Give a webhook a new signing secret',
    description: 'For `grace_seconds` more what is sent has two signatures, one by each secret.',
    pathParameters: ofWebhook,
    body: { required: false, json: rotateKeySchema },
    answers: [ok('The webhook with its new secret.', webhookWithSecretSchema)],
    problems: ['NOT_FOUND'],
  },
  {
    ...shared,
    id: 'pingWebhook',
    method: 'post',
    path: '/v1/webhooks/{id}/ping',
    summary: 'Send a ping to a webhook',
    pathParameters: ofWebhook,
    answers: [
      {
        status: 202,
        description: 'The delivery of the ping.',
        body: webhookDeliverySchema,
        headers: ['Location', 'Cache-Control'],
      },
    ],
    problems: ['NOT_FOUND'],
  },
  {
    ...shared,
    id: 'getWebhookSecret',
    method: 'get',
    path: '/v1/webhooks/secret',
    summary: 'Get what signs the webhooks that come with a request',
    description: 'The key has it from when it is first asked for or needed.',
    answers: [ok('The secrets in use, newest first.', signingSecretResourceSchema)],
  },
  {
    ...shared,
    id: 'rotateKeyWebhookSecret',
    method: 'post',
    path: '/v1/webhooks/secret/rotate',
    summary: 'Renew what signs the webhooks that come with a request',
    description: 'For `grace_seconds` more what is sent has two signatures, one by each secret.',
    body: { required: false, json: rotateKeySchema },
    answers: [ok('The secrets in use, newest first.', signingSecretResourceSchema)],
  },
  {
    ...shared,
    id: 'listWebhookDeliveries',
    method: 'get',
    path: '/v1/webhooks/deliveries',
    summary: 'List what was sent to webhooks, and how it arrived',
    query: webhookDeliveryListQuerySchema,
    answers: [ok('A page of deliveries, newest first.', webhookDeliveryListSchema)],
  },
  {
    ...shared,
    id: 'getWebhookDelivery',
    method: 'get',
    path: '/v1/webhooks/deliveries/{id}',
    summary: 'Get a delivery',
    pathParameters: ofDelivery,
    answers: [ok('The delivery.', webhookDeliverySchema)],
    problems: ['NOT_FOUND'],
  },
  {
    ...shared,
    id: 'redeliverWebhook',
    method: 'post',
    path: '/v1/webhooks/deliveries/{id}/redeliver',
    summary: 'Send a delivery again, now',
    description:
      'Under the same `webhook-id`, for it is the same event; its schedule of attempts begins anew.',
    pathParameters: ofDelivery,
    answers: [
      {
        status: 202,
        description: 'The delivery, pending again.',
        body: webhookDeliverySchema,
        headers: ['Cache-Control'],
      },
    ],
    problems: ['NOT_FOUND'],
  },
];
