import { invalidParameter } from './state.ts';

export interface PageRequest {
  limit?: number | undefined;
  nextToken?: string | undefined;
}

/**
 * One page of items in the order of their keys, which the token of the next page continues after: what comes or goes
 * between two pages shifts nothing.
 */
export function pageOf<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  { limit, nextToken, most, descending = false }: PageRequest & { most: number; descending?: boolean },
): { page: Item[]; nextToken?: string } {
  const size = limit ?? most;
  if (!Number.isInteger(size) || size < 1 || size > most) {
    const bound = size < 1 ? 'greater than or equal to 1' : `less than or equal to ${most}`;
    throw invalidParameter(
      `1 validation error detected: Value '${size}' at 'limit' failed to satisfy constraint: Member must have value ${bound}`,
    );
  }
  const after = nextToken === undefined ? undefined : keyFrom(nextToken);
  const sorted = items
    .map((item) => ({ item, key: keyOf(item) }))
    .filter(({ key }) => after === undefined || (descending ? key < after : key > after))
    .toSorted((a, b) => (a.key < b.key === descending ? 1 : -1));
  const page = sorted.slice(0, size);
  const found = page.map(({ item }) => item);
  return page.length === sorted.length ? { page: found } : { page: found, nextToken: tokenOf(page.at(-1)!.key) };
}

const PREFIX = 'after:';

function tokenOf(key: string): string {
  return Buffer.from(PREFIX + key).toString('base64url');
}

function keyFrom(token: string): string {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (!text.startsWith(PREFIX)) throw invalidParameter('The specified nextToken is invalid.');
  return text.slice(PREFIX.length);
}
