/** What .circleci/local-aws.yml of the sample sets up in the local AWS, and its pipelines name. */
export const REGION = 'eu-central-1';
export const REPOSITORY = 'nightly-crawl';
export const BUCKET = 'acme-batch-scripts';
export const QUEUE = 'nightly';
export const JOB = 'nightly-crawl';
export const SCHEDULE = 'nightly-crawl';
