const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** An element around XML that is written already; absent children are left out. */
export function element(name: string, ...children: (string | undefined)[]): string {
  return `<${name}>${children.join('')}</${name}>`;
}

/** An element with text; nothing when there is no value. */
export function text(name: string, value: string | number | boolean | undefined): string {
  return value === undefined ? '' : element(name, escapeXml(String(value)));
}

export function document(root: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}`;
}

/** The root element of an S3 answer, with S3's namespace. */
export function result(name: string, ...children: (string | undefined)[]): string {
  return document(`<${name} xmlns="${NAMESPACE}">${children.join('')}</${name}>`);
}

/** Control characters travel as references: a literal carriage return would be read back as a line feed. */
function escapeXml(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(/\p{Cc}/gu, (char) => `&#x${char.charCodeAt(0).toString(16).toUpperCase()};`);
}

export interface XmlNode {
  name: string;
  /** The text directly inside, references resolved; empty for an element that only has children. */
  text: string;
  children: XmlNode[];
}

/**
 * Reads the XML that S3's clients send: elements and text. Attributes, comments and the declaration are skipped.
 * Undefined when it is not well-formed.
 */
export function parseXml(source: string): XmlNode | undefined {
  const root: XmlNode = { name: '', text: '', children: [] };
  const open = [root];
  const token = /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<(\/?)([A-Za-z_][\w.:-]*)(?:\s[^<>]*?)?(\/?)>|([^<]+)/gy;
  let position = 0;
  for (let match = token.exec(source); match !== null; match = token.exec(source)) {
    position = token.lastIndex;
    const [, closing, name, selfClosing, characters] = match;
    const parent = open.at(-1) ?? root;
    if (characters !== undefined) {
      parent.text += unescapeXml(characters);
    } else if (name !== undefined && closing === '/') {
      if (open.length < 2 || open.pop()?.name !== name) return undefined;
    } else if (name !== undefined) {
      const node: XmlNode = { name, text: '', children: [] };
      parent.children.push(node);
      if (selfClosing !== '/') open.push(node);
    }
  }
  const complete = position === source.length && open.length === 1 && root.children.length === 1;
  return complete && root.text.trim() === '' ? root.children[0] : undefined;
}

export function childrenOf(node: XmlNode, name: string): XmlNode[] {
  return node.children.filter((child) => child.name === name);
}

/** The text of the first child of that name. */
export function childText(node: XmlNode, name: string): string | undefined {
  return node.children.find((child) => child.name === name)?.text;
}

function unescapeXml(value: string): string {
  return value.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number.parseInt(decimal, 10));
    return ENTITIES[name ?? ''] ?? whole;
  });
}
