import { toKeyResource, type ApiKey } from '@facehash/contracts';
import { inBatches } from '@facehash/storage';
import { keysTable } from '../keys-table.js';

/** A table is as wide as its longest name, so it is not printed before all of it is known. */
const TABLE_ROWS = 1000;

/** Prints keys as they come, however many: as tables, or as one JSON list with a line for each. */
export async function printKeys(
  keys: AsyncIterable<ApiKey>,
  print: (text: string) => void,
  { json }: { json: boolean },
): Promise<void> {
  let printed = 0;
  if (json) {
    print('{"object":"list","data":[');
    for await (const key of keys) print((printed++ === 0 ? '' : ',') + JSON.stringify(toKeyResource(key)));
    print('],"has_more":false,"next_cursor":null}');
    return;
  }
  for await (const some of inBatches(keys, TABLE_ROWS)) {
    print(keysTable(some.map(toKeyResource), new Date()));
    printed += some.length;
  }
  if (printed === 0) print('There is no key yet; `facehash keys create` makes one.');
}
