import { stableStringify } from '../../core/json.ts';
import { AwsError } from '../aws-error.ts';
import type { JsonCall } from '../json-protocol.ts';

interface Answered {
  /** What was asked, without the token. */
  asked: string;
  output: object;
}

const MAX_TOKENS = 10_000;

/**
 * Answers a call that comes again with its client token as the first time, without doing it again. Tokens are no part of
 * the state, as clients make them up at random for every call.
 */
export class ClientTokens {
  readonly #answered = new Map<string, Answered>();

  once<Output extends object>(operation: string, { json, region }: JsonCall, run: () => Output): Output {
    const { ClientToken: token, ...asked } = json;
    if (typeof token !== 'string') return run();
    const key = `${region} ${operation} ${token}`;
    const question = stableStringify(asked);
    const before = this.#answered.get(key);
    if (before !== undefined && before.asked !== question) {
      throw new AwsError(
        'ConflictException',
        'The ClientToken was used in another request with other parameters.',
        409,
      );
    }
    if (before !== undefined) return before.output as Output;
    const output = run();
    this.#answered.set(key, { asked: question, output });
    const [oldest] = this.#answered.keys();
    if (this.#answered.size > MAX_TOKENS && oldest !== undefined) this.#answered.delete(oldest);
    return output;
  }

  clear(): void {
    this.#answered.clear();
  }
}
