import { describe, expect, it } from '@jest/globals';
import { childrenOf, childText, element, parseXml, text } from '../../../src/local-aws/s3/xml.ts';

describe('parseXml', () => {
  it('reads what S3 clients write', () => {
    const source = `<?xml version="1.0"?><!-- c --><Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
      <Object><Key>a&amp;b&#x0D;&#10;&lt;</Key></Object><Object><Key> s </Key><VersionId/></Object></Delete>`;
    const root = parseXml(source);
    expect(root?.name).toBe('Delete');
    const objects = root === undefined ? [] : childrenOf(root, 'Object');
    expect(objects.map((object) => childText(object, 'Key'))).toEqual(['a&b\r\n<', ' s ']);
    expect(objects.map((object) => childText(object, 'VersionId'))).toEqual([undefined, '']);
  });

  it.each(['', 'text', '<a>', '</a>', '<a></b>', '<a><b></a></b>', '<a/><b/>', '<a/>text', '<a', '<a><</a>'])(
    'gives nothing for %j',
    (source) => {
      expect(parseXml(source)).toBeUndefined();
    },
  );
});

it('writes text that is read back as it was', () => {
  const value = 'a<b>&"c"\r\n\u0001 ü';
  expect(parseXml(element('Key', text('Inner', value)))?.children[0]?.text).toBe(value);
});
