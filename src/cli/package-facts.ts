/** Put in by the bundler from package.json; absent when the sources run unbundled, in tests. */
declare const AWS_DEPLOY_VERSION: string | undefined;
declare const AWS_DEPLOY_REPOSITORY: string | undefined;

export const version: string = typeof AWS_DEPLOY_VERSION === 'string' ? AWS_DEPLOY_VERSION : '0.0.0-source';

const repository = typeof AWS_DEPLOY_REPOSITORY === 'string' ? AWS_DEPLOY_REPOSITORY : 'the repository';

export const issuesUrl = `${repository}/issues`;
