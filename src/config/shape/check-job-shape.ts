import { reportForm } from '../expand/follow-up.ts';
import { member, type MapNode, type Node } from '../node.ts';
import type { Report } from '../problem.ts';
import { checkRunningStep } from './check-running-step.ts';
import { checkShape, type ShapeContext } from './check-shape.ts';
import { shapeContext } from './shape-context.ts';
import { ENVIRONMENT } from './shapes/executor-shapes.ts';
import { JOB_TYPES } from './shapes/job-shapes.ts';
import { below, ROOT } from './schema/schema-path.ts';
import { notInEnum } from './schema/schema-texts.ts';
import { invalidSetting, noExecutor, noFlag, noImages, remoteDockerTwice, severalExecutors } from './shape-texts.ts';

const EXECUTORS = ['docker', 'machine', 'macos'] as const;

/**
 * Reports what is wrong with a compiled job: what templates and the merge with its executor hid before. Places are those
 * where the values are written.
 */
export function checkJobShape(name: string, job: MapNode, report: Report): void {
  const type = member(job, 'type');
  if (type !== undefined && !isText(type, 'build')) {
    const text = type.kind === 'scalar' ? String(type.value) : '';
    if (!JOB_TYPES.some((one) => one === text)) {
      report.error(notInEnum(`#/jobs/${name}/type`, text, JOB_TYPES), type.at);
    }
    return;
  }
  checkExecutors(name, job, report);
  checkSettings(name, job, report);
  checkSteps(name, member(job, 'steps'), report);
}

function checkExecutors(name: string, job: MapNode, report: Report): void {
  const used = EXECUTORS.filter((key) => isUsed(member(job, key)));
  const [, second] = used;
  if (used.length === 0) reportForm(noExecutor(name), job.at, report);
  else if (second !== undefined) report.error(severalExecutors(name, used), job.entries.get(second)?.keyAt ?? job.at);
  const docker = member(job, 'docker');
  if (docker?.kind === 'list') {
    if (docker.items.length === 0) reportForm(noImages(name), docker.at, report);
    for (const entry of docker.items) checkImage(name, entry, report);
  }
  const machine = member(job, 'machine');
  const enabled = machine?.kind === 'scalar' ? machine : member(machine, 'enabled');
  if (enabled && !isBoolean(enabled)) report.warning(noFlag('machine'), enabled.at);
  const caching = member(member(job, 'machine'), 'docker_layer_caching');
  if (caching && !isBoolean(caching)) {
    report.error(invalidSetting('Executor <inline>: docker_layer_caching must be a boolean'), caching.at);
  }
}

/** `machine: false` is no machine. */
function isUsed(node: Node | undefined): boolean {
  return node !== undefined && !(node.kind === 'scalar' && (node.value === null || node.value === false));
}

function checkImage(job: string, entry: Node, report: Report): void {
  const image = member(entry, 'image');
  if (image?.kind === 'scalar' && String(image.value ?? '').trim() !== '') return;
  const hints = ['Write the name of the image, such as cimg/base:current; variables of the job mean nothing here.'];
  reportForm(invalidSetting(`A docker image of job ${job} has no name`, hints), image?.at ?? entry.at, report);
}

function checkSettings(name: string, job: MapNode, report: Report): void {
  const parallelism = member(job, 'parallelism');
  if (parallelism) checkParallelism(parallelism, report);
  const ranges = member(job, 'circleci_ip_ranges');
  if (ranges && !isBoolean(ranges)) report.error(invalidSetting('circleci_ip_ranges must be a boolean'), ranges.at);
  const environment = member(job, 'environment');
  if (environment) {
    const path = below(below(below(ROOT, 'jobs'), name), 'environment');
    const news: ShapeContext['report'] = {
      error: (fact, at) => reportForm(fact, at, report),
      warning: (fact, at) => report.warning(fact, at),
    };
    checkShape(environment, ENVIRONMENT, path, shapeContext(news, undefined));
  }
}

function checkParallelism(node: Node, report: Report): void {
  const value = node.kind === 'scalar' ? node.value : undefined;
  if (value === null) return;
  const isString = typeof value === 'string';
  // A direct expression, without << >>, which CircleCI evaluates.
  if (isString && value.includes('pipeline.')) return;
  const count = isString && /^\d{1,9}$/.test(value) ? Number(value) : value;
  if (typeof count !== 'number' || !Number.isInteger(count)) {
    report.error(invalidSetting('parallelism must be an integer or an expression evaluating to an integer'), node.at);
  } else if (count < 1) report.error(invalidSetting('parallelism must be a positive integer'), node.at);
}

function checkSteps(name: string, steps: Node | undefined, report: Report): void {
  if (steps?.kind !== 'list') return;
  let remoteDocker = 0;
  for (const step of steps.items) {
    if (isText(step, 'setup_remote_docker') || member(step, 'setup_remote_docker')) {
      remoteDocker++;
      if (remoteDocker === 2) report.error(remoteDockerTwice(name), step.at);
    }
    checkRunningStep(step, report);
  }
}

function isText(node: Node, text: string): boolean {
  return node.kind === 'scalar' && node.value === text;
}

function isBoolean(node: Node): boolean {
  return node.kind === 'scalar' && (typeof node.value === 'boolean' || node.value === null);
}
