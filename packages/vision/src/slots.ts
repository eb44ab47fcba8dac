/** Lends each of its slots to one caller at a time; the others wait in the order they came. */
export interface Slots<Slot> {
  use<T>(work: (slot: Slot) => Promise<T>): Promise<T>;
}

export function createSlots<Slot>(slots: readonly Slot[]): Slots<Slot> {
  const free = [...slots];
  const waiting: ((slot: Slot) => void)[] = [];
  return {
    async use(work) {
      const slot = free.pop() ?? (await new Promise<Slot>((resolve) => waiting.push(resolve)));
      try {
        return await work(slot);
      } finally {
        const next = waiting.shift();
        if (next) next(slot);
        else free.push(slot);
      }
    },
  };
}
