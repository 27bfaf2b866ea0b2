import type { ServiceError, ServiceRequest, ServiceResponse } from '../service.ts';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** What a query answer holds: texts and nested elements, by element name. */
export interface QueryResult {
  [name: string]: string | QueryResult;
}

/** The parameters of a call in the query protocol, from the URL or a form body; undefined when there is no Action. */
export function queryParameters(request: ServiceRequest): URLSearchParams | undefined {
  if (request.path !== '/') return undefined;
  const isForm = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
  const parameters = new URLSearchParams(request.query);
  if (isForm)
    for (const [name, value] of new URLSearchParams(request.body.toString('utf8'))) parameters.set(name, value);
  return parameters.has('Action') ? parameters : undefined;
}

export function queryResponse(action: string, result: QueryResult, request: ServiceRequest): ServiceResponse {
  const body = { [`${action}Result`]: result, ResponseMetadata: { RequestId: request.requestId ?? '' } };
  return xmlResponse(200, `${action}Response`, body);
}

export function queryError(error: ServiceError, request: ServiceRequest): ServiceResponse {
  const type = error.status < 500 ? 'Sender' : 'Receiver';
  const body = {
    Error: { Type: type, Code: error.name, Message: error.message },
    RequestId: request.requestId ?? '',
  };
  return xmlResponse(error.status, 'ErrorResponse', body);
}

function xmlResponse(status: number, root: string, body: QueryResult): ServiceResponse {
  return {
    status,
    headers: { 'content-type': 'text/xml' },
    body: `<${root} xmlns="${NAMESPACE}">${xml(body)}</${root}>\n`,
  };
}

function xml(value: string | QueryResult): string {
  if (typeof value === 'string') return escape(value);
  return Object.entries(value)
    .map(([name, content]) => `<${name}>${xml(content)}</${name}>`)
    .join('');
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
