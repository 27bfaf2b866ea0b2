import type { JsonObject, JsonValue } from '../../core/json.ts';
import { AwsError } from '../aws-error.ts';
import type { InternalCall } from '../internal-calls.ts';
import type { ScenarioFile } from '../scenario.ts';
import { invalidScenario } from '../scenario.ts';
import type { Service, ServiceResponse, World } from '../service.ts';
import { setupCalls, standIns } from './setup-calls.ts';
import { pushStandIn } from './stand-in-image.ts';

/**
 * Makes what a scenario says is there from the start, by the operations that a client would call. Denials and faults of
 * the scenario do not meet them, and the log of requests does not have them.
 * @throws DeployError invalid file, that names the item which was refused
 */
export async function runSetup(
  { scenario, locate }: ScenarioFile,
  services: readonly Service[],
  world: World,
): Promise<void> {
  const make = (call: InternalCall): Promise<JsonObject> => makeCall(call, services, world);
  for (const [index, image] of standIns(scenario).entries()) {
    await pushStandIn(image, make).catch((error: unknown) => {
      throw refused(error, `images[${index}] (${image.name})`, locate(['images', index]));
    });
  }
  for (const [index, call] of setupCalls(scenario).entries()) {
    await make(call).catch((error: unknown) => {
      throw refused(error, `setup[${index}] (${call.service}:${call.operation})`, locate(['setup', index]));
    });
  }
}

function refused(error: unknown, what: string, place: string): unknown {
  return error instanceof AwsError ? invalidScenario(place, `${what}: ${error.name}: ${error.message}`) : error;
}

async function makeCall(
  { service: name, operation, region, input }: InternalCall,
  services: readonly Service[],
  { clock }: World,
): Promise<JsonObject> {
  const service = services.find((candidate) => candidate.name === name);
  if (service?.requestFor === undefined) throw new AwsError('NotImplementedException', `There is no service ${name}.`);
  const made = service.requestFor(operation, input);
  const day = clock.now().toISOString().slice(0, 10).replaceAll('-', '');
  const authorization = `AWS4-HMAC-SHA256 Credential=setup/${day}/${region}/${name}/aws4_request`;
  const request = { ...made, headers: { ...made.headers, authorization }, isSetup: true as const };
  const answer = await service.operation(request)?.run();
  if (answer === undefined) throw new AwsError('NotImplementedException', `There is no ${name}:${operation}.`);
  return bodyOf(answer);
}

/** @throws AwsError what the service answered */
function bodyOf({ status, headers = {}, body = '' }: ServiceResponse): JsonObject {
  const text = String(body);
  const isXml = text.startsWith('<');
  if (status < 400) return isXml || text === '' ? {} : (JSON.parse(text) as JsonObject);
  if (isXml) {
    const [code, message] = ['Code', 'Message'].map((tag) => new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(text)?.[1]);
    throw new AwsError(code ?? String(status), message ?? '', status);
  }
  const { __type: type, message } = JSON.parse(text) as Record<string, JsonValue>;
  throw new AwsError(headers['x-amzn-errortype'] ?? String(type), String(message ?? ''), status);
}
