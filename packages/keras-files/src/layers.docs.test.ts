import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { ACTIVATIONS, LAYER_CLASSES } from './layers.js';

const page = readFileSync(new URL('../../../docs/keras.md', import.meta.url), 'utf8');
const [, paragraph = ''] = /^Taken are (.+?)\n\n/ms.exec(page) ?? [];

it('docs/keras.md names the layers and activations that are taken, and no others', () => {
  const [layers = '', activations = ''] = paragraph.split('with the activations');
  const named = [...layers.matchAll(/`(\w+)`/g)].map(([, name]) => name);
  expect(named.slice(2)).toEqual([...LAYER_CLASSES]);
  const [list = ''] = activations.split(';');
  expect(list.trim().split(/, | and /)).toEqual([...ACTIVATIONS]);
});
