import { isAlias, isCollection, isNode, parseDocument, visit } from 'yaml';
import type { JsonText } from './json-text.ts';
import type { JsonValue } from './json.ts';

/**
 * Reads a text as YAML and knows every place in it.
 * @param unparsable makes the error to throw, from the place where the text is wrong if that is known
 */
export function readYaml(text: string, unparsable: (offset: number | undefined, message: string) => Error): JsonText {
  const document = parseDocument(text, {
    prettyErrors: false,
    schema: 'core',
    merge: true,
    // No !!binary or !!timestamp: JSON has nothing to put in their place.
    resolveKnownTags: false,
  });
  // A warning is a tag such as !Sub, which only another program could resolve.
  const [error] = [...document.errors, ...document.warnings];
  if (error) throw unparsable(error.pos[0], error.message);
  visit(document, {
    Alias(_key, alias) {
      const at = alias.range?.[0] ?? 0;
      const named = alias.resolve(document);
      if (!named) throw unparsable(at, `no anchor is called ${alias.source}`);
      if (isCollection(named) && named.range && named.range[0] <= at && at < named.range[1]) {
        throw unparsable(at, `*${alias.source} stands inside of what it names`);
      }
    },
    Pair(_key, { key }) {
      const resolved = isAlias(key) ? key.resolve(document) : key;
      if (isCollection(resolved)) throw unparsable(resolved.range?.[0] ?? 0, 'a list or a map can not be a key');
    },
  });
  return {
    value: plainValue(() => document.toJS({ maxAliasCount: 1000 }) as JsonValue | undefined, unparsable),
    offsetOf(path) {
      for (let depth = path.length; depth > 0; depth--) {
        const node: unknown = document.getIn(path.slice(0, depth), true);
        if (isNode(node) && node.range) return node.range[0];
      }
      return 0;
    },
  };
}

/** Aliases that would multiply without end are refused here. */
function plainValue(
  read: () => JsonValue | undefined,
  unparsable: (offset: undefined, message: string) => Error,
): JsonValue {
  try {
    return read() ?? null;
  } catch (error) {
    throw unparsable(undefined, (error as Error).message);
  }
}
