interface Page<T> {
  items: readonly T[];
  nextToken: string | undefined;
}

/**
 * The items of all pages, one page after the other.
 * @param most no more pages are read than hold so many
 */
export async function allPages<T>(
  read: (nextToken: string | undefined) => Promise<Page<T>>,
  most = Number.POSITIVE_INFINITY,
): Promise<T[]> {
  const items: T[] = [];
  let nextToken: string | undefined;
  do {
    const page = await read(nextToken);
    items.push(...page.items);
    nextToken = page.nextToken;
  } while (nextToken !== undefined && items.length < most);
  return items;
}
