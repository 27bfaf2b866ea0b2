import type { Action } from '../actions/define-action.ts';
import type { Outputs, Param } from '../params/declaration.ts';
import { flagName, orbName, outputVariable } from '../params/names.ts';
import { code, plain, table } from './markdown.ts';

/** The parameters of an action, as the orb and the CLI spell them. */
export function parameterTable(action: Action): string {
  const inOrb = action.surfaces.some((surface) => surface !== 'cli');
  const rows = Object.entries(action.params).map(([name, param]) => [
    inOrb && param.only !== 'cli' ? code(orbName(name)) : '',
    action.surfaces.includes('cli') && param.only !== 'orb' ? code(flagName(name)) : '',
    kind(param),
    param.required ? '**required**' : defaultText(param),
    plain(param.description) + rules(param),
  ]);
  return table(['Orb', 'CLI', 'Kind', 'Default', 'Description'], rows);
}

export function outputTable(outputs: Outputs): string {
  const rows = Object.entries(outputs).map(([name, output]) => [
    code(name),
    output.type === 'json' ? '' : code(outputVariable(name)),
    output.type,
    plain(output.description),
  ]);
  return table(['Output', 'Variable', 'Kind', 'Description'], rows);
}

function kind(param: Param): string {
  if (param.type === 'enum') return param.values.map(code).join(', ');
  if (param.type === 'secret') return 'environment variable name';
  return param.type;
}

function defaultText(param: Param): string {
  if (!('default' in param) || param.default === undefined) return '';
  return code(String(param.default));
}

/** What is allowed beyond the kind. */
function rules(param: Param): string {
  if (param.type === 'string' && param.patternHint !== undefined) return ` Form: ${plain(param.patternHint)}.`;
  if (param.type !== 'integer') return '';
  if (param.min !== undefined && param.max !== undefined) return ` From ${param.min} to ${param.max}.`;
  if (param.min !== undefined) return ` At least ${param.min}.`;
  return param.max === undefined ? '' : ` At most ${param.max}.`;
}
