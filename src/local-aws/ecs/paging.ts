import { invalidParameter } from './state.ts';

const MAX_PAGE = 100;
const TOKEN_PREFIX = 'after:';

export interface PageRequest {
  maxResults?: number | undefined;
  nextToken?: string | undefined;
}

export interface Order {
  /** How many a page has when the request does not say. */
  usual: number;
  descending?: boolean;
}

/**
 * One page of the items by their keys. The token holds the key that the last page ended with, so that nothing is skipped
 * or given twice when items come and go between two pages.
 * @throws AwsError InvalidParameterException
 */
export function pageOf<Item>(
  items: Iterable<Item>,
  keyOf: (item: Item) => string,
  { maxResults, nextToken }: PageRequest,
  { usual, descending = false }: Order,
): { items: Item[]; nextToken?: string } {
  const size = maxResults ?? usual;
  if (!Number.isInteger(size) || size < 1 || size > MAX_PAGE) {
    throw invalidParameter(`maxResults must be between 1 and ${MAX_PAGE}.`);
  }
  const isBefore = (a: string, b: string): boolean => (descending ? a > b : a < b);
  const after = nextToken === undefined ? undefined : keyFrom(nextToken);
  const sorted = [...items]
    .map((item) => ({ item, key: keyOf(item) }))
    .filter(({ key }) => after === undefined || isBefore(after, key))
    .toSorted((a, b) => (isBefore(a.key, b.key) ? -1 : 1));
  const page = sorted.slice(0, size);
  const found = { items: page.map(({ item }) => item) };
  if (page.length === sorted.length) return found;
  return { ...found, nextToken: Buffer.from(TOKEN_PREFIX + page.at(-1)!.key).toString('base64url') };
}

function keyFrom(token: string): string {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (!text.startsWith(TOKEN_PREFIX)) throw invalidParameter('Invalid token.');
  return text.slice(TOKEN_PREFIX.length);
}
