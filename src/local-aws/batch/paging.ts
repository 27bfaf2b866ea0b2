import { clientException } from './state.ts';

const MAX_PAGE = 100;
const TOKEN_PREFIX = 'after:';

export interface PageRequest {
  maxResults?: number | undefined;
  nextToken?: string | undefined;
}

export interface Page<Item> {
  items: Item[];
  nextToken?: string;
}

/**
 * One page of the items, in the order of their keys. The token holds the key that the last page ended with, so that
 * nothing is skipped or given twice when items come and go between two pages.
 */
export function pageOf<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  request: PageRequest,
  maxPage = MAX_PAGE,
): Page<Item> {
  const size = request.maxResults ?? maxPage;
  if (!Number.isInteger(size) || size < 1 || size > maxPage) {
    throw clientException(`maxResults must be between 1 and ${maxPage}`);
  }
  const after = request.nextToken === undefined ? undefined : keyFrom(request.nextToken);
  const sorted = items
    .map((item) => ({ item, key: keyOf(item) }))
    .filter(({ key }) => after === undefined || key > after)
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const page = sorted.slice(0, size);
  const last = page.at(-1);
  const found = { items: page.map(({ item }) => item) };
  return last === undefined || page.length === sorted.length ? found : { ...found, nextToken: tokenOf(last.key) };
}

function tokenOf(key: string): string {
  return Buffer.from(TOKEN_PREFIX + key).toString('base64url');
}

function keyFrom(token: string): string {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (!text.startsWith(TOKEN_PREFIX)) throw clientException('Invalid nextToken');
  return text.slice(TOKEN_PREFIX.length);
}
