import { Document, Scalar, type Tags, visit } from 'yaml';
import type { YamlValue } from './orb-model.ts';

/**
 * Plain scalars that some reader of the YAML 1.1 family takes for something else and that the yaml package leaves bare:
 * `=` (the value type), `<<` (merge), the octals of YAML 1.2, and text with a tab (PyYAML and SnakeYAML refuse it).
 */
const READ_AS_SOMETHING_ELSE = /^(=|<<|[-+]?0o[0-7]+|.*\t.*)$/;

/** Line breaks in YAML 1.1 and ordinary characters in 1.2; only an escape in double quotes means the same to both. */
const OLD_LINE_BREAKS = /[\u0085\u2028\u2029]/g;

/**
 * YAML that a 1.1 reader (CircleCI's) and a 1.2 reader understand alike: each string that either would read as a
 * boolean, number, date or null is quoted. Keys stay in the order given; no anchors, no folded lines.
 */
export function yamlText(value: YamlValue, header: readonly string[]): string {
  const document = new Document(value, {
    version: '1.1',
    customTags: withoutMerge,
    aliasDuplicateObjects: false,
  });
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value !== 'string') return;
      if (READ_AS_SOMETHING_ELSE.test(node.value)) node.type = Scalar.QUOTE_SINGLE;
      if (node.value.search(OLD_LINE_BREAKS) >= 0) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  const comment = header.map((line) => `# ${line}\n`).join('');
  const body = document.toString({ lineWidth: 0, minContentWidth: 0, singleQuote: true });
  return comment + body.replaceAll(OLD_LINE_BREAKS, escaped);
}

/** With the merge tag, the package writes every `<<` bare. */
function withoutMerge(tags: Tags): Tags {
  return tags.filter((tag) => tag !== 'merge' && (typeof tag === 'string' || tag.tag !== 'tag:yaml.org,2002:merge'));
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
