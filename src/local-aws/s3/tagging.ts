import type { ServiceResponse } from '../service.ts';
import { callBucket, xmlResponse, type S3Call, type S3Handler } from './call.ts';
import { malformedXml } from './errors.ts';
import { readXml } from './payload.ts';
import { versionHeaders } from './properties.ts';
import { findObject, type StoredObject } from './state.ts';
import { checkedTags } from './tags.ts';
import { childrenOf, childText, element, result, text } from './xml.ts';

export const taggingHandlers: Readonly<Record<string, S3Handler>> = {
  GetObjectTagging: getObjectTagging,
  PutObjectTagging: putObjectTagging,
  DeleteObjectTagging: deleteObjectTagging,
};

function getObjectTagging(call: S3Call): ServiceResponse {
  const object = taggedObject(call);
  const tags = Object.entries(object.tags).map(([key, value]) =>
    element('Tag', text('Key', key), text('Value', value)),
  );
  return xmlResponse(result('Tagging', element('TagSet', ...tags)), versionHeaders(object));
}

function putObjectTagging(call: S3Call): ServiceResponse {
  const object = taggedObject(call);
  const tagSet = childrenOf(readXml(call.request, 'Tagging'), 'TagSet')[0];
  if (tagSet === undefined) throw malformedXml();
  const pairs = childrenOf(tagSet, 'Tag').map((tag): [string, string] => {
    const key = childText(tag, 'Key');
    const value = childText(tag, 'Value');
    if (key === undefined || value === undefined) throw malformedXml();
    return [key, value];
  });
  object.tags = checkedTags(pairs);
  return { status: 200, headers: versionHeaders(object) };
}

function deleteObjectTagging(call: S3Call): ServiceResponse {
  const object = taggedObject(call);
  object.tags = {};
  return { status: 204, headers: versionHeaders(object) };
}

function taggedObject(call: S3Call): StoredObject {
  return findObject(callBucket(call), call.key, call.request.query.get('versionId'));
}
