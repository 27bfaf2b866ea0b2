import { invalidParameter } from './validation.ts';

const DEFAULT_PAGE = 100;
const LARGEST_PAGE = 1000;

/**
 * One page of a list that is ordered by its keys.
 * @throws AwsError InvalidParameterException for a page size out of 1 to 1000 or a token that is not one of ours
 */
export function pageOf<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  input: { maxResults?: number | undefined; nextToken?: string | undefined },
): { page: Item[]; nextToken?: string } {
  const { maxResults = DEFAULT_PAGE, nextToken } = input;
  if (maxResults < 1) throw invalidParameter('maxResults', 'must have value greater than or equal to 1');
  if (maxResults > LARGEST_PAGE)
    throw invalidParameter('maxResults', `must have value less than or equal to ${LARGEST_PAGE}`);
  const after = nextToken === undefined ? undefined : readToken(nextToken);
  const ordered = items.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const rest = after === undefined ? ordered : ordered.filter((item) => keyOf(item) > after);
  const page = rest.slice(0, maxResults);
  const last = page.at(-1);
  return last !== undefined && rest.length > page.length
    ? { page, nextToken: Buffer.from(`k:${keyOf(last)}`).toString('base64url') }
    : { page };
}

function readToken(token: string): string {
  const text = Buffer.from(token, 'base64url').toString();
  if (!text.startsWith('k:')) throw invalidParameter('nextToken', 'Invalid next token');
  return text.slice(2);
}
