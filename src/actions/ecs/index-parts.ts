import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { parseImageReference } from '../../image/image-reference.ts';
import type { IndexParts } from '../../plan/rollout/proof.ts';
import { isOurRegistry } from '../resolve-image.ts';

/**
 * Reads in ECR what an index holds, or says why that can't be told. Throws (exit code 3 or 4) when AWS can't be asked at all.
 * @param image by any name: its repository counts
 * @param digest of the index
 */
export async function readIndexParts(image: string, digest: string, session: AwsSession): Promise<IndexParts> {
  try {
    const { registry, repository } = parseImageReference(image);
    if (!(await isOurRegistry(registry, session))) {
      return { unread: `${registry} is not this account's ECR in ${session.region}, so that it was not asked` };
    }
    const digests = await (await session.ecr()).partsOf(repository, digest);
    return digests ? { digests } : { unread: `ECR did not give it out of the repository ${repository}` };
  } catch (error) {
    if (!(error instanceof DeployError) || error.code !== 'aws.access_denied') throw error;
    return { unread: error.title };
  }
}
