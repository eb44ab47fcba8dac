/**
 * `npm run demo`: the product's main job with drawn people, by the commands a user would type. Starts a server, enrols six
 * people, recognises photos it has not seen, and stays up until Ctrl-C. With `--once` it ends, and its exit code says
 * whether the answers were right.
 */
import { mkdir } from 'node:fs/promises';
import { annotate } from './demo/annotate.js';
import { drawPhotos } from './demo/draw-photos.js';
import { facehash, recognize, startUp } from './demo/facehash.js';
import { freePort } from './demo/free-port.js';
import { judge } from './demo/judge.js';

const OUTPUT = 'demo-output';
/** 8080 is left to the server that is started next, by hand. */
const FIRST_PORT = 8081;
const DATA = ['--data-dir', `${OUTPUT}/data`] as const;

async function demo(isOnce: boolean): Promise<void> {
  await mkdir(OUTPUT, { recursive: true });
  console.log('Drawing people, so that no real face is needed …');
  const cast = await drawPhotos(`${OUTPUT}/photos`);

  console.log(`Starting the server: facehash up (its lines go to ${OUTPUT}/server.log) …`);
  const server = await startUp(
    ['--port', String(await freePort(FIRST_PORT)), ...DATA],
    `${OUTPUT}/server.log`,
  );
  try {
    const created = await facehash('keys', 'create', '--name', 'demo', '--json', ...DATA);
    const { secret } = JSON.parse(created) as { secret: string };

    console.log(
      `It answers at ${server.url}. Enrolling ${cast.people.length} people: facehash train NAME PHOTO…`,
    );
    for (const { name, folder } of cast.people)
      console.log((await facehash('train', name, folder, ...DATA)).trim());

    console.log('Recognising photos it has not seen: facehash recognize PHOTO…\n');
    const unseen = [...cast.people.flatMap((person) => person.unseen), ...cast.stranger];
    const portraits = await recognize(unseen, ...DATA);
    const [group] = await recognize([cast.group.photo], '--max-faces', '10', ...DATA);
    const { table, summary, passed } = judge(cast, { portraits, group: group! });
    await annotate([...portraits, group!], `${OUTPUT}/annotated`);
    console.log(`${table}\n\n${summary}\nThe photos with boxes, landmarks and names: ${OUTPUT}/annotated/`);

    const curl = `curl -H "Authorization: Bearer ${secret}" -H "Prefer: wait=30"`;
    console.log(`
Next, by hand:
  ${curl} -F image=@${unseen[0]!} ${server.url}/v1/recognize
  ${curl} -F max_faces=10 -F image=@${cast.group.photo} ${server.url}/v1/recognize
  ${curl} -F label=Me -F photos=@me-1.jpg -F photos=@me-2.jpg ${server.url}/v1/train
`);
    if (isOnce) process.exitCode = passed ? 0 : 1;
    else await untilInterrupted(server.ended);
  } finally {
    await server.stop();
  }
}

/** Ctrl-C reaches the server as well, which stops by itself; also resolves when it ends for another reason. */
async function untilInterrupted(ended: Promise<unknown>): Promise<void> {
  console.log('The server stays up; Ctrl-C stops it.');
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        resolve();
      });
  });
  await Promise.race([interrupted, ended]);
}

demo(process.argv.includes('--once')).catch((error: unknown) => {
  console.error(`demo: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
