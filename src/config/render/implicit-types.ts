/*
 * Texts that YAML 1.1 reads as another type when they stand plain. The types are those of yaml.org/type, with the patterns of
 * both PyYAML and SnakeYAML (CircleCI's parser), which differ: only SnakeYAML takes `1e3` for a number.
 */
const PATTERNS = {
  boolean: /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
  null: /^(?:~|null|Null|NULL)$/,
  integer: /^[-+]?(?:0b[01_]+|0_*[0-7][0-7_]*|0_+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*(?::[0-5]?[0-9])+)$/,
  // In YAML 1.1 no number, but one in YAML 1.2 and to people.
  leadingZero: /^0[0-9_]+$/,
  float:
    /^[-+]?(?:[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[0-9][0-9_]*[eE][-+]?[0-9]+|\.[0-9_]+(?:[eE][-+]?[0-9]+)?)$/,
  base60: /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*$/,
  infinity: /^[-+]?\.(?:inf|Inf|INF)$/,
  notANumber: /^\.(?:nan|NaN|NAN)$/,
  date: /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/,
  time: /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?$/,
};

const WORDS = [PATTERNS.boolean, PATTERNS.null];
const NUMBERS = [
  PATTERNS.integer,
  PATTERNS.leadingZero,
  PATTERNS.float,
  PATTERNS.base60,
  PATTERNS.infinity,
  PATTERNS.notANumber,
  PATTERNS.date,
  PATTERNS.time,
];

const LONGEST_WORD = 'false'.length;

/** Whether a text that stands plain, without quotes, would be read as something that is no text, or is a merge or value key. */
export function looksTyped(text: string): boolean {
  if (text === '' || text === '<<' || text === '=') return true;
  const first = text[0] ?? '';
  if ('0123456789+-.'.includes(first)) return NUMBERS.some((pattern) => pattern.test(text));
  return text.length <= LONGEST_WORD && 'yYnNtTfFoO~'.includes(first) && WORDS.some((pattern) => pattern.test(text));
}
