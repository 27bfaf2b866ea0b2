import type { JsonValue } from '../../core/json.ts';
import { type Change, differences, happened, objectOf, shortened } from './compare.ts';

/** What was pushed, tagged and removed in the repositories of ECR. */
export function ecrChanges(before: JsonValue | undefined, after: JsonValue | undefined): Change[] {
  return differences(before, after).flatMap(({ name: region, before: old, after: now }) =>
    differences(old, now).flatMap((repository) => {
      const { name } = repository;
      const what = happened(repository);
      const own = what === 'changed' ? [] : [`${name} ${what}`];
      if (what === 'deleted') return texts(region, own);
      const [was, is] = [objectOf(repository.before), objectOf(repository.after)];
      const said = [...imageTexts(was, is), ...tagTexts(was, is)].map((text) => `${name}: ${text}`);
      const lines = [...own, ...said];
      return texts(region, lines.length > 0 ? lines : [`${name} changed`]);
    }),
  );
}

type Part = Record<string, JsonValue>;

function imageTexts(was: Part, is: Part): string[] {
  return differences(was['images'], is['images']).flatMap((image) => {
    const digest = shortened(image.name);
    if (image.after === undefined) return [`image ${digest} deleted`];
    if (image.before !== undefined) return [];
    const tags = Object.entries(objectOf(is['tags'])).flatMap(([tag, named]) => (named === image.name ? [tag] : []));
    return [`image ${digest} pushed${tags.length === 0 ? '' : `, tagged ${shortened(tags.join(', '))}`}`];
  });
}

/** Tags of images that were there: those of new ones are told with them. */
function tagTexts(was: Part, is: Part): string[] {
  const [old, now] = [objectOf(was['tags']), objectOf(is['tags'])];
  const images = objectOf(was['images']);
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].toSorted().flatMap((tag) => {
    const digest = now[tag];
    if (digest === old[tag]) return [];
    if (typeof digest !== 'string') return [`tag ${shortened(tag)} removed`];
    if (old[tag] === undefined && !Object.hasOwn(images, digest)) return [];
    return [`tag ${shortened(tag)} ${old[tag] === undefined ? 'names' : 'moved to'} ${shortened(digest)}`];
  });
}

function texts(region: string, lines: readonly string[]): Change[] {
  return lines.map((text) => ({ region, text }));
}
