/** Which room of src/ may import which others. `core` is free to all; a room's own files are always its own business. */
const ROOMS = {
  core: [],
  params: ['core'],
  plan: ['core'],
  aws: ['core', 'plan'],
  image: ['core'],
  circleci: ['core'],
  report: ['core', 'plan', 'config', 'runner'],
  actions: ['core', 'params', 'plan', 'aws', 'image', 'circleci', 'report'],
  orb: ['core', 'params', 'actions'],
  docs: ['core', 'params', 'actions', 'orb'],
  config: ['core'],
  runner: ['core', 'config'],
  cli: ['core', 'params', 'circleci', 'actions', 'report', 'config', 'runner', 'local-aws', 'aws'],
  'local-aws': ['core'],
};

/** Folders lie no deeper than this below `src/<room>`. */
const DEEPEST = 5;

/** The packages that only some places may import. */
const PACKAGES = [
  { group: ['@aws-sdk/*', '@smithy/*'], rooms: ['aws', 'local-aws'] },
  { group: ['@circleci/circleci-config-sdk'], rooms: [] },
  { group: ['commander'], rooms: ['cli'] },
  { group: ['re2js'], rooms: ['config'] },
];

function restrictions(room) {
  const closed = Object.keys(ROOMS).filter((other) => other !== room && !ROOMS[room].includes(other));
  return [
    ...closed.map((other) => ({
      group: Array.from({ length: DEEPEST }, (_, depth) => `${'../'.repeat(depth + 1)}${other}/**`),
      message: `src/${room} may not import src/${other}: see the table in oxlint.config.mjs.`,
    })),
    ...PACKAGES.filter(({ rooms }) => !rooms.includes(room)).map(({ group }) => ({
      group,
      message: `src/${room} may not import this package: see the table in oxlint.config.mjs.`,
    })),
  ];
}

export default {
  plugins: ['typescript', 'import', 'unicorn', 'oxc', 'promise', 'node'],
  categories: { correctness: 'error', suspicious: 'error' },
  ignorePatterns: ['dist', 'orb', 'node_modules'],
  rules: {
    'typescript/no-explicit-any': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/consistent-type-imports': 'error',
    'import/no-cycle': 'error',
    'import/no-default-export': 'error',
    'no-console': 'error',
    // JSON comes in as unknown; where its shape is known, that is said by an assertion beside the check.
    'typescript/no-unsafe-type-assertion': 'off',
    'typescript/no-base-to-string': 'off',
    'typescript/consistent-return': 'off',
    // Texts are taken apart by code points on purpose.
    'typescript/no-misused-spread': 'off',
    // `...['--flag', 'value']` keeps together what belongs together.
    'unicorn/no-useless-spread': 'off',
    // A function that only one place needs stands there.
    'unicorn/consistent-function-scoping': 'off',
    // Control characters are what some protocols are about.
    'no-control-regex': 'off',
    // SDK schemas and test doubles are looked at as data.
    'typescript/unbound-method': 'off',
  },
  overrides: [
    ...Object.keys(ROOMS).map((room) => ({
      files: [`src/${room}/**`],
      rules: { 'no-restricted-imports': ['error', { patterns: restrictions(room) }] },
    })),
    {
      files: ['src/orb/sdk.ts'],
      rules: {
        'no-restricted-imports': [
          'error',
          { patterns: restrictions('orb').filter(({ group }) => group[0] !== '@circleci/circleci-config-sdk') },
        ],
      },
    },
    // Programs of maintainers and of samples print; configuration files export what their tools read.
    { files: ['scripts/**', 'examples/**', 'test/support/summary-reporter.mjs'], rules: { 'no-console': 'off' } },
    { files: ['*.config.mjs', 'test/support/summary-reporter.mjs'], rules: { 'import/no-default-export': 'off' } },
  ],
};
