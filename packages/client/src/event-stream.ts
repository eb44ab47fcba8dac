export interface StreamEvent {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/** The events of a text/event-stream as the HTML standard reads it, one that broke off in its middle left out. */
export async function* readEventStream(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent> {
  let event = { id: '', event: 'message', data: [] as string[] };
  for await (const line of lines(body)) {
    if (line === '') {
      if (event.data.length > 0) yield { ...event, data: event.data.join('\n') };
      event = { id: event.id, event: 'message', data: [] };
      continue;
    }
    const [, field, value = ''] = /^([^:]*):? ?(.*)$/s.exec(line)!;
    if (field === 'id') event.id = value;
    else if (field === 'event') event.event = value;
    else if (field === 'data') event.data.push(value);
  }
}

/** By a reader, as not every browser iterates over streams. */
async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      // A carriage return at the end may be the first half of a line's end.
      const complete = rest.split(/\r\n|\n|\r(?!$)/);
      rest = complete.pop()!;
      yield* complete;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
