import { beforeAll, describe, expect, it } from '@jest/globals';
import { documentedMetrics } from '@facehash/testkit';
import { formOf, jpegOf, TEXT } from '../testing/forms.js';
import { bearer, eventually, openPost, send } from '../testing/requests.js';
import { useGateway } from '../testing/use-gateway.js';

const gateway = useGateway();

beforeAll(() => gateway.publishModel(gateway.key.id));

/** A metric's line appears once the connection has ended its answer, which may be after the client has it. */
const shows = async (line: string) => {
  await eventually(async () => (await gateway.metrics.text()).includes(`${line}\n`), 5_000);
};
const recognize = (image: Buffer<ArrayBuffer>, headers = {}) =>
  send(`${gateway.url}/v1/recognize`, {
    method: 'POST',
    headers: { ...bearer(gateway.secret), ...headers },
    body: formOf(['image', image]),
  });

describe("The gateway's metrics", () => {
  it('are those of docs/metrics.md, no more and no fewer', async () => {
    const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
    expect(gateway.metrics.describe().sort(byName)).toEqual(
      (await documentedMetrics('Gateway', 'Both processes')).sort(byName),
    );
  });

  it('count requests by the pattern of their address, never by what was asked for', async () => {
    for (const id of ['job_1', 'job_2', 'Ada%20Lovelace']) {
      await send(`${gateway.url}/v1/jobs/${id}`, { headers: bearer(gateway.secret) });
    }
    await send(`${gateway.url}/wp-admin/${gateway.key.id}`);
    await shows('facehash_gateway_requests_total{route="/v1/jobs/:id",method="GET",status="4xx"} 3');
    await shows('facehash_gateway_requests_total{route="none",method="GET",status="4xx"} 1');
    await shows('facehash_gateway_request_duration_seconds_count{route="/v1/jobs/:id",method="GET"} 3');
    expect(await gateway.metrics.text()).not.toMatch(/job_1|Ada|wp-admin/);
  });

  it('count refusals by their code', async () => {
    await send(`${gateway.url}/v1/recognize`, { method: 'POST' });
    await recognize(TEXT);
    await shows('facehash_gateway_refusals_total{code="UNAUTHORIZED"} 1');
    await shows('facehash_gateway_refusals_total{code="IMAGE_TYPE_UNSUPPORTED"} 1');
  });

  it('count a request whose client has left', async () => {
    const post = openPost(`${gateway.url}/v1/recognize`, {
      ...bearer(gateway.secret),
      'content-type': 'image/jpeg',
      'content-length': '5000',
    });
    post.write(jpegOf(1000));
    await eventually(async () => (await gateway.halfWritten()).length > 0);
    post.destroy();
    await shows('facehash_gateway_requests_total{route="/v1/recognize",method="POST",status="aborted"} 1');
  });

  it('tell bytes uploaded, what waits in the queue, and how long it has waited', async () => {
    expect((await recognize(jpegOf(4000))).status).toBe(202);
    await shows('facehash_gateway_upload_bytes_total 4000');
    await shows('facehash_queue_jobs{queue="recognize",state="waiting"} 1');
    await eventually(async () =>
      /^facehash_queue_oldest_waiting_seconds\{queue="recognize"\} 0\.[1-9]/m.test(
        await gateway.metrics.text(),
      ),
    );
  });

  it('tell how waits ended, and how many are held now', async () => {
    const tooShort = recognize(jpegOf(500), { prefer: 'wait=1' });
    await shows('facehash_gateway_waits 1');
    expect((await tooShort).status).toBe(202);
    await shows('facehash_gateway_wait_seconds_count{outcome="expired"} 1');
    await gateway.startWorker();
    expect((await recognize(jpegOf(500), { prefer: 'wait=20' })).status).toBe(200);
    await shows('facehash_gateway_wait_seconds_count{outcome="ended"} 1');
    await shows('facehash_gateway_waits 0');
  });
});
