import { isJsonObject } from '../../../core/json.ts';
import { readTokenSetup } from '../control-files.ts';
import { controlFolder } from '../control-folder.ts';
import { signToken } from '../local-issuer.ts';
import { atMostOperands, isSet, type ToolCommand, ToolError } from './tool-command.ts';

export const oidcCommand: ToolCommand = {
  paths: [['run', 'oidc', 'get']],
  usage: `circleci run oidc get [--claims '{"aud": "…"}'] [--root-issuer]`,
  summary: 'Print an OIDC token for another audience.',
  flags: { claims: 'text', 'root-issuer': 'boolean' },
  run(call, { env, stdout }) {
    atMostOperands(call, 0);
    const audience = readAudience(call.flags.get('claims'));
    const setup = readTokenSetup(controlFolder(env));
    if (setup === undefined) throw new ToolError('there is nothing to sign a token with in this job');
    const token = signToken(setup.signer, setup.job, {
      now: new Date(),
      version: 2,
      rootIssuer: isSet(call, 'root-issuer'),
      ...(audience === undefined ? {} : { audience }),
    });
    stdout(`${token}\n`);
    return 0;
  },
};

/** `aud` is the only claim that CircleCI lets a job choose. */
function readAudience(text: string | undefined): string | readonly string[] | undefined {
  if (text === undefined || text === '') return undefined;
  let claims: unknown;
  try {
    claims = JSON.parse(text);
  } catch (error) {
    throw new ToolError(`--claims is not valid JSON: ${(error as Error).message}`);
  }
  if (!isJsonObject(claims)) throw new ToolError(`--claims must be a JSON object, like '{"aud": "sts.amazonaws.com"}'`);
  const { aud, ...others } = claims;
  if (Object.keys(others).length > 0) {
    throw new ToolError(`--claims can set "aud" only, not ${Object.keys(others).join(', ')}`);
  }
  if (aud === undefined || typeof aud === 'string') return aud;
  if (Array.isArray(aud) && aud.every((each) => typeof each === 'string')) return aud;
  throw new ToolError('"aud" in --claims must be text, or a list of texts');
}
