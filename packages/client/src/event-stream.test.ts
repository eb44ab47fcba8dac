import { describe, expect, it } from '@jest/globals';
import { readEventStream } from './event-stream.js';

/** @param pieces as they come over the network */
async function read(...pieces: string[]): Promise<unknown[]> {
  const bytes = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(bytes.encode(piece));
      controller.close();
    },
  });
  const events = [];
  for await (const event of readEventStream(body)) events.push(event);
  return events;
}

const singly = (text: string): string[] => text.split('');

describe('readEventStream', () => {
  it('reads events wherever the network cuts them', async () => {
    const text = 'id: 1\nevent: progress\ndata: {"a":"ä:b"}\n\nid: 2\ndata: x\ndata: y\n\n';
    const whole = [
      { id: '1', event: 'progress', data: '{"a":"ä:b"}' },
      { id: '2', event: 'message', data: 'x\ny' },
    ];
    expect(await read(text)).toEqual(whole);
    expect(await read(...singly(text))).toEqual(whole);
    expect(await read(text.replaceAll('\n', '\r\n'))).toEqual(whole);
    expect(await read(...singly(text.replaceAll('\n', '\r\n')))).toEqual(whole);
  });

  it('passes over comments, empty events and one that was cut off', async () => {
    expect(await read(':\n\n', 'id: 7\n\n', 'data:a\n\n', 'data: lost')).toEqual([
      { id: '7', event: 'message', data: 'a' },
    ]);
  });
});
