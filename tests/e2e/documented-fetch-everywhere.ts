/** For `node --import`: what such a program asks the service must be answered as documented as well. */
import { documentedFetch } from '@facehash/testkit';

globalThis.fetch = documentedFetch;
