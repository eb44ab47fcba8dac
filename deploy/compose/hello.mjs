// The last lines of `docker compose up`: where the service is, its admin token (at the first start only, as logs are kept),
// and a line to try. Ends with 1 where the gateway is not ready in time.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const READY_WITHIN_MS = 180_000;
const SHOWN = '/notes/admin-token-was-shown';
const SHOW_TOKEN = 'docker compose exec -T gateway cat /secrets/admin-token';

const isReady = () =>
  fetch('http://gateway:8080/readyz').then(
    ({ ok }) => ok,
    () => false,
  );

const deadline = Date.now() + READY_WITHIN_MS;
while (!(await isReady())) {
  if (Date.now() > deadline) {
    console.error('The gateway is not ready: see `docker compose logs gateway worker s3 redis`.');
    process.exit(1);
  }
  await sleep(500);
}

const url = `http://${process.env.FACEHASH_LISTEN}`;
const token = existsSync(SHOWN) ? '' : `\n  ${readFileSync('/secrets/admin-token', 'utf8').trim()}\n`;
console.log(`
FaceHash is up at ${url}; every call is described at ${url}/docs

Admin token, which manages API keys${token === '' ? '' : ', shown only now'}: ${SHOW_TOKEN}
${token}
A key, and the faces of a photo of yours:

  curl -H "Authorization: Bearer $(${SHOW_TOKEN})" -H 'Content-Type: application/json' -d '{"name":"first"}' ${url}/v1/keys
  curl -H "Authorization: Bearer $KEY" -H "Prefer: wait=10" -F image=@photo.jpg ${url}/v1/detect
`);
if (token !== '') writeFileSync(SHOWN, '');
