import type { ServiceResponse } from '../../service.ts';
import type { RegistryCall } from './call.ts';
import { RegistryError } from './errors.ts';

const LARGEST_PAGE = 1000;

/** `GET /tags/list?n=<page size>&last=<tag>`; where the next page is, is said in a Link header (RFC 8288). */
export function listTags({ repository, request }: RegistryCall): ServiceResponse {
  const size = request.query.get('n') ?? `${LARGEST_PAGE}`;
  if (!/^\d+$/.test(size) || Number(size) < 1) {
    throw new RegistryError(400, 'PAGINATION_NUMBER_INVALID', `n=${size} is not a number of tags`);
  }
  const limit = Math.min(Number(size), LARGEST_PAGE);
  const after = request.query.get('last') ?? '';
  const rest = [...repository.tags.keys()].toSorted().filter((tag) => tag > after);
  const page = rest.slice(0, limit);
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  const last = page.at(-1);
  if (last !== undefined && rest.length > page.length) {
    const next = new URLSearchParams({ n: `${limit}`, last });
    headers['link'] = `</v2/${repository.name}/tags/list?${next.toString()}>; rel="next"`;
  }
  return { status: 200, headers, body: JSON.stringify({ name: repository.name, tags: page }) };
}
