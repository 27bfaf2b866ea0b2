import { member, stringOf, type Node } from '../node.ts';
import type { Report } from '../problem.ts';
import { invalidSetting, listedShell, noFlag } from './shape-texts.ts';

const WHEN = ['on_success', 'always', 'on_fail'];
const CHECKOUT_METHODS = ['blobless', 'shallow', 'full'];
const RERUN_DELAY = /^((10|[1-9])m|([1-9][0-9]*)s)$/;
const LONGEST_RERUN_DELAY = 600;

/** Reports what is wrong with the options of a built-in step of a compiled job; texts are the compiler's. */
export function checkRunningStep(step: Node, report: Report): void {
  if (step.kind !== 'map') return;
  for (const [name, { value }] of step.entries) {
    if (name === 'run' || name === 'deploy') checkRun(value, report);
    else if (name === 'checkout') checkCheckout(value, report);
    else if (name === 'setup_remote_docker') {
      for (const key of ['docker_layer_caching', 'prefer_same_region']) {
        const flag = member(value, key);
        if (flag && !isFlag(flag)) report.error(invalidSetting(`${name}: ${key} must be a boolean`), flag.at);
      }
    }
  }
}

function checkRun(run: Node, report: Report): void {
  const background = member(run, 'background');
  if (background && !isFlag(background)) report.warning(noFlag('background'), background.at);
  const shell = member(run, 'shell');
  if (shell?.kind === 'list') report.warning(listedShell(), shell.at);
  const when = member(run, 'when');
  if (when?.kind === 'scalar' && when.value !== null && !WHEN.includes(String(when.value))) {
    const expected = WHEN.map((one) => `\`${one}\``).join(', ');
    report.error(invalidSetting(`Invalid when condition: expected ${expected}; got \`${when.value}\``), when.at);
  }
  checkTimeout(member(run, 'no_output_timeout'), report);
  checkReruns(run, report);
}

/** What CircleCI makes of other forms is not known, so they are told and let pass. */
function checkTimeout(timeout: Node | undefined, report: Report): void {
  const text = stringOf(timeout);
  if (timeout === undefined || text === undefined || /\d[mhs]/.test(text) || /^\d+$/.test(text)) return;
  const hints = ['Write a number with a unit, such as 30s, 20m or 1.25h.'];
  report.warning(invalidSetting(`no_output_timeout is no duration: ${text}`, hints), timeout.at);
}

function checkReruns(run: Node, report: Report): void {
  const reruns = present(member(run, 'max_auto_reruns'));
  const delay = present(member(run, 'auto_rerun_delay'));
  const background = member(run, 'background');
  if ((reruns ?? delay) && background?.kind === 'scalar' && background.value === true) {
    const text = 'Background steps cannot use max_auto_reruns or auto_rerun_delay fields';
    report.error(invalidSetting(text), background.at);
  }
  if (delay && !reruns) {
    report.error(invalidSetting('auto_rerun_delay requires max_auto_reruns to be specified'), delay.at);
  }
  if (reruns) {
    const problem = rerunsProblem(reruns);
    if (problem !== undefined) report.error(invalidSetting(problem), reruns.at);
  }
  const problem = delayProblem(stringOf(delay));
  if (delay && problem !== undefined) report.error(invalidSetting(problem), delay.at);
}

function rerunsProblem(node: Node): string | undefined {
  const value = node.kind === 'scalar' ? node.value : undefined;
  const count = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
  if (typeof count !== 'number' || !Number.isInteger(count)) {
    return 'max_auto_reruns must be an integer or an expression evaluating to an integer';
  }
  return count < 1 || count > 5 ? 'max_auto_reruns must be an integer between 1 and 5' : undefined;
}

function delayProblem(delay: string | undefined): string | undefined {
  if (delay === undefined) return undefined;
  if (!RERUN_DELAY.test(delay)) return `auto_rerun_delay must match ${RERUN_DELAY.source}`;
  const tooLong = delay.endsWith('s') && Number(delay.slice(0, -1)) > LONGEST_RERUN_DELAY;
  return tooLong ? 'auto_rerun_delay must not exceed 10 minutes (600 seconds)' : undefined;
}

function checkCheckout(checkout: Node, report: Report): void {
  const method = member(checkout, 'method');
  if (method?.kind !== 'scalar' || method.value === null || CHECKOUT_METHODS.includes(String(method.value))) return;
  const text = 'Unsupported checkout method, allowed methods are "blobless", "shallow", and "full"';
  report.error(invalidSetting(text), method.at);
}

function present(node: Node | undefined): Node | undefined {
  return node?.kind === 'scalar' && node.value === null ? undefined : node;
}

function isFlag(node: Node): boolean {
  return node.kind === 'scalar' && (typeof node.value === 'boolean' || node.value === null);
}
