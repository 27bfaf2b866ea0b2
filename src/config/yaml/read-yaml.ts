import { scalarNode, type Node } from '../node.ts';
import type { Report } from '../problem.ts';
import type { Place, Source } from '../source.ts';
import { firstUnprintable } from './scan/characters.ts';
import { compose } from './compose.ts';
import { construct, type Findings } from './construct.ts';
import { hintsFor } from './hints.ts';
import { YamlError, lineOf, yamlErrorText } from './yaml-error.ts';

/** CircleCI refuses compiled configs of more than 8 MB, and no source is longer than what becomes of it. */
const LONGEST = 8 * 1024 * 1024;

const MOST_WARNINGS = 50;

/**
 * Reads YAML as CircleCI does, which is YAML 1.1 as SnakeYAML has it. Dates are warnings, as CircleCI says nothing about
 * them. An empty text is null.
 * @returns undefined when there is an error, which is in the report
 */
export function readYaml(source: Source, report: Report): Node | undefined {
  const findings = new Reported(source, report);
  try {
    refuseUnreadable(source.text);
    const raw = compose(source);
    if (raw === undefined) return scalarNode(null, { source, line: 1, column: 1 });
    const node = construct(raw, findings);
    return findings.errors === 0 ? node : undefined;
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    findings.error(error);
    return undefined;
  }
}

class Reported implements Findings {
  errors = 0;
  private warnings = 0;
  private readonly source: Source;
  private readonly report: Report;

  constructor(source: Source, report: Report) {
    this.source = source;
    this.report = report;
  }

  error(error: YamlError): void {
    this.errors++;
    const message = `Unable to parse YAML\n${yamlErrorText(error, this.source.text)}`;
    this.report.error({ code: 'yaml', message, hints: hintsFor(error, this.source.text) }, placeOf(error, this.source));
  }

  warning(message: string, hint: string, at: Place): void {
    this.warnings++;
    if (this.warnings <= MOST_WARNINGS) this.report.warning({ code: 'yaml-value', message, hints: [hint] }, at);
  }
}

function placeOf({ index }: YamlError, source: Source): Place {
  const { line, lineStart } = lineOf(source.text, index);
  return { source, line, column: Math.max(index - lineStart, 0) + 1 };
}

function refuseUnreadable(text: string): void {
  if (text.length > LONGEST) throw new YamlError(`The text is longer than ${LONGEST} characters`, 0, { bare: true });
  const index = firstUnprintable(text);
  if (index < 0) return;
  const number = (text.codePointAt(index) ?? 0).toString(16).toUpperCase();
  // SnakeYAML shows the character itself here, which a terminal might obey.
  const problem = `unacceptable code point '\\u${number.padStart(4, '0')}' (0x${number}) special characters are not allowed`;
  throw new YamlError(`${problem}\nin "'string'", position ${[...text.slice(0, index)].length}`, index, { bare: true });
}
