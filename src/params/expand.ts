import { badArgument } from '../core/errors.ts';
import { namesSecret } from '../core/redact.ts';

const REFERENCE = /\\\$|\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\$([A-Za-z_][A-Za-z0-9_]*)/g;

export interface Expansion {
  text: string;
  /** Variables whose names say secret: they stay in the text as they were written. */
  withheld: readonly string[];
}

/**
 * Puts the values of `$NAME` and `${NAME}` into a text; `\$` gives a plain `$`. Nothing else is evaluated, and what a
 * variable holds is not looked at again. Throws (exit code 2) when a variable is not set.
 */
export function expandVariables(text: string, env: Readonly<Record<string, string | undefined>>): Expansion {
  const withheld: string[] = [];
  const expanded = text.replaceAll(REFERENCE, (reference, braced?: string, bare?: string) => {
    const name = braced ?? bare;
    if (name === undefined) return '$';
    if (namesSecret(name)) {
      withheld.push(name);
      return reference;
    }
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    if (value === undefined) {
      throw badArgument(`the environment variable ${name} is not set`, [
        `Set ${name} in the project settings or a context, or write \\$${name} when the text is meant literally.`,
      ]);
    }
    return value;
  });
  return { text: expanded, withheld };
}
