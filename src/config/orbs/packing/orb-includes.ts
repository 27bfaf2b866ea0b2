import type { ScalarNode } from '../../node.ts';
import type { Report } from '../../problem.ts';
import type { Place } from '../../source.ts';
import {
  includeAlreadyEscaped,
  includeNotFound,
  includeNotRead,
  includeOfFolder,
  includeOutside,
  orbTooLarge,
} from '../orb-texts.ts';

/** The form that `circleci orb pack` knows, its stray `?` included. */
const INCLUDE = /<<\s*include\(([-\w/.]+)\)?\s*>>/g;

/** What looks like an include to a reader, whatever is in it. */
const MEANT_AS_INCLUDE = /<<\s*include\b[^\n<>]{0,200}>>/;

/** As large as a compiled config may be, in characters: scripts and aliases can make a small folder large. */
export const LARGEST_ORB = 8 * 1024 * 1024;

/** Puts the files of an orb's folder in the place of `<<include(path)>>`. */
export class IncludeReader {
  readonly #files: ReadonlyMap<string, string>;
  readonly #report: Report;
  /** Says that what was included is larger than an orb may be, which has been reported. */
  isFull = false;
  /** How many characters may still be put in: one large script, included again and again, could fill the memory. */
  #left = LARGEST_ORB;

  constructor(files: ReadonlyMap<string, string>, report: Report) {
    this.#files = files;
    this.#report = report;
  }

  /** A scalar with its includes replaced, as many as there are in it. */
  readonly read = (node: ScalarNode): ScalarNode => {
    if (typeof node.value !== 'string' || !node.value.includes('include')) return node;
    const rest = node.value.replace(INCLUDE, '');
    const unread = MEANT_AS_INCLUDE.exec(rest)?.[0];
    if (unread !== undefined) this.#report.warning(includeNotRead(unread), node.at);
    if (rest === node.value) return node;
    const value = node.value.replace(INCLUDE, (tag: string, path: string) => this.#textOf(path, node.at) ?? tag);
    return { ...node, value };
  };

  #textOf(written: string, at: Place): string | undefined {
    const path = withoutDots(written);
    if (path === undefined) {
      this.#report.error(includeOutside(written), at);
      return undefined;
    }
    const text = this.#files.get(path);
    if (text === undefined) {
      const isFolder = path === '' || [...this.#files.keys()].some((file) => file.startsWith(`${path}/`));
      this.#report.error(isFolder ? includeOfFolder(written) : includeNotFound(written, [...this.#files.keys()]), at);
      return undefined;
    }
    this.#left -= text.length;
    if (this.#left < 0) {
      if (!this.isFull) this.#report.error(orbTooLarge(), at);
      this.isFull = true;
      return undefined;
    }
    if (text.includes(String.raw`\<<`)) this.#report.warning(includeAlreadyEscaped(path), at);
    return text.replaceAll('<<', String.raw`\<<`);
  }
}

/** A path without `.` and `..`; undefined when it leads out of the folder. */
function withoutDots(path: string): string | undefined {
  const steps: string[] = [];
  for (const step of path.split('/')) {
    if (step === '' || step === '.') continue;
    if (step !== '..') steps.push(step);
    else if (steps.pop() === undefined) return undefined;
  }
  return steps.join('/');
}
