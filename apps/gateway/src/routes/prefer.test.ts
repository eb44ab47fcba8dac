import { describe, expect, it } from '@jest/globals';
import { parsePrefer } from './prefer.js';

describe('parsePrefer', () => {
  it.each([
    [undefined, 0],
    ['wait=10', 10],
    ['WAIT = "10"', 10],
    ['handling=lenient, wait=3; x=y', 3],
    ['wait=3, wait=9', 3],
    ['wait=3600', 60],
    ['wait=999999999999', 0],
    ['wait', 0],
    ['wait=-1', 0],
    ['wait=1.5', 0],
    ['wait=soon, ,;;==', 0],
    ['await=10', 0],
  ])('reads %j as %d seconds', (header, seconds) => {
    expect(parsePrefer(header).waitS).toBe(seconds);
  });

  it('sees respond-async beside a wait', () => {
    expect(parsePrefer('respond-async, wait=10')).toEqual({ waitS: 10, respondAsync: true });
    expect(parsePrefer('respond-asynchronously').respondAsync).toBe(false);
  });
});
