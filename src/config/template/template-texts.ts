import type { Fact } from '../problem.ts';

/*
 * What CircleCI says of a wrong template: the words of its API where they were captured, else those of its language server.
 */

/** In the API's two lines (captured in 2020, 2021 and 2026). */
export function unclosedTag(hints: readonly string[]): Fact {
  return {
    code: 'unclosed-tag',
    message: String.raw`Unclosed '<<' tag
('<<' must be escaped as '\<<' in config v2.1+)`,
    hints,
  };
}

export function unclosedSectionTag(): Fact {
  return {
    code: 'unclosed-tag',
    message: `Unclosed '<<' tag`,
    hints: ['The tags of a section are `<<# name >>`, `<<^ name >>` and `<</ name >>`.'],
  };
}

export function emptyTag(hints: readonly string[]): Fact {
  return { code: 'empty-tag', message: `Expected expression after '<<'`, hints };
}

/** @param length in code points */
export function expressionTooLong(longest: number, length: number, hints: readonly string[]): Fact {
  const message = `Expressions must be less than ${longest} characters, this one is ${length}`;
  return { code: 'expression-too-long', message, hints };
}

export function unclosedSection(name: string): Fact {
  return {
    code: 'unclosed-section',
    message: `Unclosed section, expected '<</'`,
    hints: [`End the section with \`<</ ${name} >>\`.`],
  };
}

/** @param open the section that has to end first, if one is open */
export function unexpectedSectionEnd(open: string | undefined): Fact {
  return {
    code: 'section-mismatch',
    message: 'Expected section end tag to match start tag',
    hints: [
      open === undefined
        ? 'No section is open here: start one with `<<# name >>` or `<<^ name >>`, or remove this tag.'
        : `The open section ends with \`<</ ${open} >>\`.`,
    ],
  };
}

export function missingIdentifier(): Fact {
  return { code: 'section-name', message: 'Expected identifier', hints: [SECTION_NAME] };
}

export function invalidIdentifier(): Fact {
  return { code: 'section-name', message: 'Expected valid identifier', hints: [SECTION_NAME] };
}

const SECTION_NAME =
  'A section takes the name of a value, such as `<<# parameters.debug >>`; expressions do not work here.';

/** What CircleCI prints for a list or a map inside of text is not known. */
export function collectionInText(expression: string, kind: 'list' | 'map'): Fact {
  return {
    code: 'collection-in-text',
    message: `The ${kind} \`<< ${expression} >>\` stands inside of text`,
    hints: ['Make the tag the whole value, so that it keeps its type.'],
  };
}
