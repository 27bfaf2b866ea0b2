import type { Budget } from '../budget.ts';
import { ExpressionError } from '../expression/expression-error.ts';
import { expressionProblem } from '../expression/expression-texts.ts';
import { parseExpression, referencesIn, type Expression } from '../expression/parse-expression.ts';
import type { Fact } from '../problem.ts';
import type { Place } from '../source.ts';
import { strayHints } from './heredocs.ts';
import { isTemplateName, scanTemplate, type SectionPart, type TagPart } from './scan-template.ts';
import { TagPlaces } from './tag-places.ts';

/** A template whose tags have been read and located: all that doesn't depend on what the names in it mean. */
export interface ReadTemplate {
  readonly text: string;
  readonly parts: readonly ReadPart[];
  /** The names that it refers to, in sections that don't count as well; each as often as there are tags with it. */
  readonly names: readonly ReferencedName[];
  /** A template with problems is not to be used. */
  readonly problems: readonly LocatedFact[];
}

export type ReadPart = string | ReadTag | ReadSection;

export interface ReadTag {
  readonly kind: 'tag';
  /** The body, without blanks around it. */
  readonly expression: string;
  /** What the body is: the name of a value as it stands, or something to evaluate. */
  readonly meaning: string | Expression;
  readonly at: Place;
}

export interface ReadSection extends SectionPart {
  readonly at: Place;
}

export interface LocatedFact {
  readonly fact: Fact;
  readonly at: Place;
}

export interface ReferencedName {
  /** Such as `parameters.version`. */
  readonly name: string;
  readonly at: Place;
  /** What to do if there is no such name, because the tag looks like something else. */
  readonly hints: readonly string[];
}

/** What is kept of a tag that was read takes as much memory as this many characters, about. */
const COST_OF_TAG = 48;

const templates = new WeakMap<object, ReadTemplate>();

/**
 * The template in a scalar or in a key.
 * @param owner the node or the entry that the text belongs to: what is read is kept for as long as it lives
 * @param at where the text starts
 * @throws TooLarge
 */
export function readTemplate(owner: object, text: string, at: Place, budget: Budget): ReadTemplate {
  let template = templates.get(owner);
  if (template === undefined) {
    template = new Reader(text, at, budget).read();
    templates.set(owner, template);
  }
  return template;
}

class Reader {
  private readonly text: string;
  private readonly places: TagPlaces;
  private readonly budget: Budget;
  private readonly names: ReferencedName[] = [];
  private readonly problems: LocatedFact[] = [];

  constructor(text: string, at: Place, budget: Budget) {
    this.text = text;
    this.places = new TagPlaces(at, text);
    this.budget = budget;
  }

  read(): ReadTemplate {
    const { text, names, problems } = this;
    const scanned = scanTemplate(text);
    if (scanned.problems.length > 0) {
      for (const { fact, offset } of scanned.problems) problems.push({ fact, at: this.places.placeOf(offset) });
      return { text, parts: [], names, problems };
    }
    const parts = scanned.parts.map((part) => {
      if (part.kind === 'text') return part.text;
      return part.kind === 'tag' ? this.readTag(part) : this.readSection(part);
    });
    return { text, parts, names, problems };
  }

  private readSection(section: SectionPart): ReadSection {
    const at = this.places.placeOf(section.offset);
    this.refer(section.name, this.text.indexOf(section.name, section.offset), []);
    return { ...section, at };
  }

  private readTag({ body, offset }: TagPart): ReadTag {
    const at = this.places.placeOf(offset);
    this.budget.work(COST_OF_TAG + body.length, at);
    const expression = body.replace(/^[ \t\r\n]+/, '').replace(/[ \t\r\n]+$/, '');
    const expressionOffset = offset + 2 + body.indexOf(expression);
    try {
      const meaning = parseExpression(expression, this.budget.meterAt(at));
      for (const { lexeme, charPos } of referencesIn(meaning)) {
        const hints = lexeme.includes('.') ? [] : strayHints(this.text, offset);
        this.refer(lexeme, expressionOffset + charPos, hints);
      }
      return { kind: 'tag', expression, meaning: meaning.kind === 'identifier' ? meaning.token.lexeme : meaning, at };
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      if (error.errorType === 'Scanner/UNEXPECTED_CHARACTER' && isTemplateName(expression)) {
        this.refer(expression, expressionOffset, []);
      } else this.reportExpression(error, expression, offset, expressionOffset);
      return { kind: 'tag', expression, meaning: expression, at };
    }
  }

  private reportExpression(error: ExpressionError, expression: string, tagOffset: number, offset: number): void {
    const fact = expressionProblem(error, expression);
    const hints = strayHints(this.text, tagOffset);
    const at = this.places.placeBehind(offset + error.charPos);
    this.problems.push({ fact: hints.length > 0 ? { ...fact, hints } : fact, at });
  }

  private refer(name: string, offset: number, hints: readonly string[]): void {
    this.names.push({ name, at: this.places.placeBehind(offset), hints });
  }
}
