import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { mutations } from './support/mutations.ts';
import { expectedReading, readingOf } from './support/reading.ts';
import { askSnakeYaml, whyNoSnakeYaml, type Answer } from './support/snake-yaml.ts';

interface Case {
  readonly group: string;
  readonly yaml: string;
  /** What SnakeYAML 1.33 says, as support/SnakeYaml.java prints it. */
  readonly answer: Answer;
}

const file = new URL('support/snake-yaml.jsonl', import.meta.url);
const all = readFileSync(file, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Case);

describe('readYaml agrees with SnakeYAML on', () => {
  it.each(all.map((one) => [`${one.group}: ${JSON.stringify(one.yaml)}`, one] as const))('%s', (_name, one) => {
    expect(readingOf(one.yaml)).toEqual(expectedReading(one.answer));
  });
});

const missing = whyNoSnakeYaml();

(missing === undefined ? describe : describe.skip)(`SnakeYAML itself${missing ? ` (skipped: ${missing})` : ''}`, () => {
  it('still answers as in the table', () => {
    expect(askSnakeYaml(all.map(({ yaml }) => yaml))).toEqual(all.map(({ answer }) => answer));
  });

  it('agrees with readYaml on mutated texts', () => {
    const texts = mutations(
      all.map(({ yaml }) => yaml),
      { count: 600, seed: 20240301 },
    );
    const answers = askSnakeYaml(texts);
    for (const [index, yaml] of texts.entries()) {
      expect({ yaml, ...readingOf(yaml) }).toEqual({ yaml, ...expectedReading(answers[index]!) });
    }
  });
});
