import { DeployError } from '../../core/errors.ts';

/** What could not be read, and why, a sentence each: a status tells the rest all the same. */
export class Unread {
  readonly sentences: string[] = [];

  /** The answer, or in its place what is told when there is none. */
  async unless<T>(what: string, read: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof DeployError)) throw error;
      this.sentences.push(`${what}: ${error.title}`);
      return otherwise;
    }
  }
}
