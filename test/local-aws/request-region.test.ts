import { describe, expect, it } from '@jest/globals';

import { credentialScope, partitionOf, requestRegion } from '../../src/local-aws/request-region.ts';
import type { ServiceRequest } from '../../src/local-aws/service.ts';

function request(headers: Record<string, string>, query = ''): ServiceRequest {
  return { method: 'GET', path: '/', query: new URLSearchParams(query), headers, body: Buffer.alloc(0) };
}

describe('the credential scope', () => {
  it.each([
    [
      'a signed header',
      request({
        authorization:
          'AWS4-HMAC-SHA256 Credential=AKIA1/20261120/eu-central-1/batch/aws4_request, SignedHeaders=host, Signature=ab',
      }),
      { accessKeyId: 'AKIA1', region: 'eu-central-1', service: 'batch' },
    ],
    [
      'a presigned URL',
      request({}, 'X-Amz-Credential=AKIA2%2F20261120%2Fus-west-2%2Fs3%2Faws4_request'),
      { accessKeyId: 'AKIA2', region: 'us-west-2', service: 's3' },
    ],
    [
      'SigV4A, whose region is a header',
      request({
        authorization: 'AWS4-ECDSA-P256-SHA256 Credential=AKIA3/20261120/s3/aws4_request, SignedHeaders=host',
        'x-amz-region-set': 'eu-west-1',
      }),
      { accessKeyId: 'AKIA3', region: 'eu-west-1', service: 's3' },
    ],
    ['basic authorization', request({ authorization: 'Basic QVdTOmE=' }), undefined],
    ['no authorization', request({}), undefined],
    ['a broken scope', request({ authorization: 'AWS4-HMAC-SHA256 Credential=AKIA1/aws4_request' }), undefined],
  ])('is read from %s', (_case, from, scope) => {
    expect(credentialScope(from)).toEqual(scope);
  });

  it('without one, the region is us-east-1', () => {
    expect(requestRegion(request({}))).toBe('us-east-1');
  });
});

it.each([
  ['eu-central-1', 'aws'],
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
])('%s is in the partition %s', (region, partition) => {
  expect(partitionOf(region)).toBe(partition);
});
