import { Constraints, validationException } from './constraints.ts';

const MAX_PAGE = 100;
const TOKEN_PREFIX = 'after:';

/**
 * One page of the items in the order of their keys, and the token of the next. The token holds the key that the page ends
 * with, so that nothing is skipped or given twice when items come and go between two pages.
 */
export function pageByKey<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  { limit, token, limitMember }: { limit: number | undefined; token: string | undefined; limitMember: string },
): { page: Item[]; next?: string } {
  new Constraints().number(limitMember, limit, 1, MAX_PAGE).check();
  const after = token === undefined ? undefined : keyFrom(token);
  const sorted = items
    .map((item) => ({ item, key: keyOf(item) }))
    .filter(({ key }) => after === undefined || key > after)
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const page = sorted.slice(0, limit ?? MAX_PAGE);
  const last = page.at(-1);
  const found = { page: page.map(({ item }) => item) };
  if (last === undefined || page.length === sorted.length) return found;
  return { ...found, next: Buffer.from(TOKEN_PREFIX + last.key).toString('base64url') };
}

function keyFrom(token: string): string {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (!text.startsWith(TOKEN_PREFIX)) throw validationException('The NextToken is not valid.');
  return text.slice(TOKEN_PREFIX.length);
}
