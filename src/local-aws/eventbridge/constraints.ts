import { AwsError } from '../aws-error.ts';

export interface TextRule {
  min?: number;
  max?: number;
  /** As the API reference has it; matched against the whole text. */
  pattern?: string;
}

/** The constraints of an API's model, all of which AWS checks before anything else, and tells in one error. */
export class Constraints {
  readonly #problems: string[] = [];

  required(member: string, value: unknown): this {
    if (value === undefined)
      this.#problems.push(`Value null at '${member}' failed to satisfy constraint: Member must not be null`);
    return this;
  }

  text(member: string, value: string | undefined, { min = 1, max, pattern }: TextRule): this {
    if (value === undefined) return this;
    if (value.length < min) this.#fail(member, value, `have length greater than or equal to ${min}`);
    if (max !== undefined && value.length > max) this.#fail(member, value, `have length less than or equal to ${max}`);
    if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`).test(value)) {
      this.#fail(member, value, `satisfy regular expression pattern: ${pattern}`);
    }
    return this;
  }

  oneOf(member: string, value: string | undefined, allowed: readonly string[]): this {
    if (value !== undefined && !allowed.includes(value)) {
      this.#fail(member, value, `satisfy enum value set: [${allowed.join(', ')}]`);
    }
    return this;
  }

  number(member: string, value: number | undefined, min: number, max: number): this {
    if (value === undefined) return this;
    if (!(value >= min)) this.#fail(member, value, `have value greater than or equal to ${min}`);
    if (!(value <= max)) this.#fail(member, value, `have value less than or equal to ${max}`);
    return this;
  }

  /** How many items a list has. */
  size(member: string, list: readonly unknown[] | undefined, min: number, max: number): this {
    if (list === undefined) return this;
    const shown = `[${list.map((item) => (typeof item === 'object' ? '{…}' : String(item))).join(', ')}]`;
    if (list.length < min) this.#fail(member, shown, `have length greater than or equal to ${min}`);
    if (list.length > max) this.#fail(member, shown, `have length less than or equal to ${max}`);
    return this;
  }

  /** Throws AwsError ValidationException when one of them was not met. */
  check(): void {
    const { length } = this.#problems;
    if (length === 0) return;
    const detected = `${length} validation error${length === 1 ? '' : 's'} detected`;
    throw validationException(`${detected}: ${this.#problems.join('; ')}`);
  }

  #fail(member: string, value: string | number, must: string): void {
    this.#problems.push(`Value '${value}' at '${member}' failed to satisfy constraint: Member must ${must}`);
  }
}

export function validationException(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
