/** What .circleci/local-aws.yml of the samples sets up in the local AWS, and their pipelines name. */
export const REGION = 'eu-central-1';
export const CLUSTER = 'shop';

/** A service of a sample, with its family and the repository of its image, which are called the same. */
export interface Place {
  readonly service: string;
  readonly family: string;
  /** The container that the sample builds. */
  readonly container: string;
}

export const WEB: Place = { service: 'web', family: 'shop-web', container: 'web' };
export const API: Place = { service: 'api', family: 'shop-api', container: 'api' };
