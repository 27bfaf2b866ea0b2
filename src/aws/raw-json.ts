import type { Readable } from 'node:stream';
import { streamCollector } from '@smithy/core/serde';
import type { MiddlewareStack } from '@smithy/types';
import { isJsonObject, type JsonObject } from '../core/json.ts';

/**
 * The SDK reads and writes only the members that its model knows, so a field that AWS added after this version was
 * built would be lost on the way from the active revision to the next. These two let the JSON itself through, while the
 * SDK still signs, retries and reads errors.
 */

/** The part of a command that these need; commands of all JSON services have it. */
interface JsonCommand<I extends object, O extends object> {
  middlewareStack: MiddlewareStack<I, O>;
}

/** Sends `body` in the place of what the SDK would have written. */
export function sendRawJson<I extends object, O extends object>(command: JsonCommand<I, O>, body: JsonObject): void {
  const text = JSON.stringify(body);
  command.middlewareStack.add(
    (next) => (args) => {
      (args.request as { body: unknown }).body = text;
      return next(args);
    },
    { step: 'build', priority: 'high', name: 'sendRawJson' },
  );
}

/** Hands the answer's JSON to `receive` before the SDK reads it. Answers that are no JSON object (errors) are left alone. */
export function receiveRawJson<I extends object, O extends object>(
  command: JsonCommand<I, O>,
  receive: (body: JsonObject) => void,
): void {
  command.middlewareStack.add(
    (next) => async (args) => {
      const output = await next(args);
      const response = output.response as { statusCode: number; body: Readable };
      if (response.statusCode !== 200) return output;
      const bytes = await streamCollector(response.body);
      const parsed: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
      if (isJsonObject(parsed)) receive(parsed);
      return { ...output, response: Object.assign(response, { body: bytes }) };
    },
    { step: 'deserialize', priority: 'low', name: 'receiveRawJson' },
  );
}
