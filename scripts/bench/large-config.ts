/** Jobs of our orb, one after the other in a workflow, and what each is called with. */
const CALLS: readonly (readonly [string, readonly string[]])[] = [
  ['build_and_push_image', ['repository: crawl', 'remote_docker: false']],
  ['upload_script', ['script: jobs/crawl.sh', 'script_destination: s3://acme-batch-scripts/crawl']],
  ['register_job_definition', ['job_definition: job-definition.json']],
  ['submit_job', ['job_queue: nightly', 'environment: CRAWL_PAGES=2', 'mark_verified: true']],
];

/** A config with our orb, commands of its own and that many jobs, each of about 2 kB; what it becomes grows as they do. */
export function largeConfig(jobs: number): string {
  return `version: 2.1
orbs:
  aws-deploy: aws-deploy/aws-deploy@0.1.0
commands:
  report:
    parameters:
      team: { type: string }
      pages: { type: integer, default: 10 }
      urgent: { type: boolean, default: false }
    steps:
      - when:
          condition: << parameters.urgent >>
          steps: [tell: { text: 'urgent, for << parameters.team >>' }]
      - tell: { text: '<< parameters.pages >> pages for << parameters.team >>' }
  tell:
    parameters:
      text: { type: string }
    steps:
      - run:
          name: Tell << parameters.text >>
          command: echo "$TEXT"
          environment: { TEXT: << parameters.text >> }
workflows:
  nightly:
    jobs:
${Array.from({ length: jobs }, (_, index) => jobText(index)).join('')}`;
}

function jobText(index: number): string {
  const [job, given] = CALLS[index % CALLS.length]!;
  const lines = [
    `name: job-${index}`,
    ...given,
    'auth:',
    "  - aws-deploy/assume_role: { role_arn: 'arn:aws:iam::123456789012:role/circleci', region: eu-central-1 }",
    'context: [acme, nightly]',
    'filters: { branches: { only: [main, /release-.*/] } }',
    ...(index === 0 ? [] : [`requires: [job-${Math.floor((index - 1) / 2)}]`]),
    'pre-steps:',
    `  - report: { team: team-${index % 7}, pages: ${index}, urgent: ${index % 2 === 0} }`,
    'post-steps:',
    '  - run:',
    `      name: Count the pages of job ${index}`,
    '      command: |',
    ...Array.from(
      { length: 19 },
      (_, page) => `        ./count.sh --job ${index} --page ${page} --output counts/${page}.json || echo "none"`,
    ),
  ];
  return `      - aws-deploy/${job}:\n${lines.map((line) => `          ${line}\n`).join('')}`;
}
