import { durationText } from '../core/duration-text.ts';
import type {
  ContainerStatus,
  JobStatus,
  Presence,
  RevisionStatus,
  RunStatus,
  ScheduleStatus,
  ScriptStatus,
} from '../plan/job-status/job-status.ts';

/**
 * A status as people read it:
 *
 *     nightly-crawl in eu-west-1, account 123456789012
 *
 *     Revision   7, verified 2026-11-20T03:01:12Z
 *                commit c0ffee0000000000000000000000000000000002, pipeline 41
 *     Image      123456789012.dkr.ecr.eu-west-1.amazonaws.com/crawl@sha256:0123… (in ECR)
 *     Script     s3://acme-scripts/jobs/fedc…/crawl.sh (there, as it was released)
 *     Rollback   would go to revision 5, verified 2026-11-18T03:01:07Z
 *
 *     Schedules  schedule nightly: enabled, cron(0 3 * * ? *) Europe/Berlin, revision 7
 *                  next 2026-11-21T03:00:00+01:00, 2026-11-22T03:00:00+01:00, 2026-11-23T03:00:00+01:00
 *
 *     Runs       SUCCEEDED  revision 7  2026-11-20T02:00:09Z  1m 8s  exit code 0  crawl-9f86d081884c
 *                  https://eu-west-1.console.aws.amazon.com/cloudwatch/…
 */
export function jobStatusText(status: JobStatus): string {
  const { newest, schedules, runs, unread } = status;
  const several = newest.containers.length > 1;
  const blocks = [
    [`${status.name} in ${status.region}, account ${status.account}`],
    [
      ...section('Revision', revisionLines(newest)),
      ...newest.containers.flatMap((container) => containerLines(container, several)),
      ...section('Rollback', [rollbackText(status)]),
    ],
    section('Schedules', schedules.length === 0 ? ['none'] : schedules.flatMap(scheduleLines)),
    section('Runs', runs.length === 0 ? ['none that AWS still knows'] : runLines(runs)),
    ...(unread.length === 0 ? [] : [section('Not read', unread)]),
  ];
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

const WIDTH = 'Schedules  '.length;

function section(title: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => `${(index === 0 ? title : '').padEnd(WIDTH)}${line}`);
}

function revisionLines(newest: RevisionStatus): string[] {
  const { revision, verifiedAt, rejectedAt, rolledBackFrom, restored, byUs, gitSha, pipeline } = newest;
  const proof = verifiedAt === null ? 'not verified' : `verified ${short(verifiedAt)}`;
  const rejected = rejectedAt === null ? [] : [`rejected ${short(rejectedAt)}`];
  const source = [
    ...(gitSha === null ? [] : [`commit ${gitSha}`]),
    ...(pipeline === null ? [] : [`pipeline ${pipeline}`]),
    ...(byUs ? [] : ['not registered by aws-deploy']),
  ];
  const content = restored && `, with the content of ${restored.revision}${proofText(restored.verifiedAt)}`;
  return [
    [String(revision), proof, ...rejected].join(', '),
    ...(rolledBackFrom === null ? [] : [`made by a rollback from revision ${rolledBackFrom}${content ?? ''}`]),
    ...(source.length === 0 ? [] : [source.join(', ')]),
  ];
}

function proofText(verifiedAt: string | null): string {
  return verifiedAt === null ? '' : `, verified ${short(verifiedAt)}`;
}

const IMAGE_STATES: Readonly<Record<Presence, string>> = {
  there: 'in ECR',
  gone: 'GONE from ECR',
  'not asked': 'its registry was not asked',
  unreadable: 'could not be looked up',
};

const SCRIPT_STATES: Readonly<Record<ScriptStatus['state'], string>> = {
  there: 'there, as it was released',
  gone: 'GONE, or not to be seen',
  changed: 'CHANGED: not what was released',
  unreadable: 'could not be looked up',
};

function containerLines({ label, image, digest, imageState, script }: ContainerStatus, several: boolean): string[] {
  const whose = several && label !== '' ? `${label}: ` : '';
  const isTag = image !== null && digest !== null && !image.includes('@');
  const now = isTag ? `, now ${digest}` : '';
  return [
    ...section('Image', [`${whose}${image ?? 'none'}${image === null ? '' : ` (${IMAGE_STATES[imageState]}${now})`}`]),
    ...(script === null ? [] : section('Script', [`${whose}${script.url} (${SCRIPT_STATES[script.state]})`])),
  ];
}

function rollbackText({ rollback }: JobStatus): string {
  if (rollback === null) return 'nowhere to go: no older revision was verified and is different';
  return `would go to revision ${rollback.revision}, verified ${short(rollback.verifiedAt)}`;
}

function scheduleLines({
  label,
  enabled,
  expression,
  timezone,
  revision,
  problem,
  nextTimes,
}: ScheduleStatus): string[] {
  const when = expression === null ? 'by events' : `${expression} ${timezone}`;
  const what = revision === null ? 'the newest revision' : `revision ${revision}`;
  return [
    [`${label}: ${enabled ? 'enabled' : 'PAUSED'}`, when, what].join(', '),
    ...(problem === null ? [] : [`  PROBLEM: ${problem}`]),
    ...(nextTimes.length === 0 ? [] : [`  next ${nextTimes.join(', ')}`]),
  ];
}

/** In columns; what does not fit into one stands below. */
function runLines(runs: readonly RunStatus[]): string[] {
  const rows = runs.map(runCells);
  const widths = rows[0]?.map((_cell, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0))) ?? [];
  return runs.flatMap(({ reason, logLink }, index) => [
    (rows[index] ?? [])
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
    ...[reason, logLink].flatMap((more) => (more === null ? [] : [`  ${more}`])),
  ]);
}

function runCells({ state, revision, createdAt, startedAt, runSeconds, exitCode, name }: RunStatus): string[] {
  return [
    state,
    revision === null ? 'revision ?' : `revision ${revision}`,
    short(startedAt ?? createdAt ?? ''),
    ranFor(runSeconds),
    exitCode === null ? '' : `exit code ${exitCode}`,
    name,
  ];
}

/** Without the fractions of a second. */
function short(time: string): string {
  return time.replace(/\.\d+Z$/, 'Z');
}

/** Whole seconds are all that is known of a run. */
function ranFor(seconds: number | null): string {
  if (seconds === null) return '';
  return seconds === 0 ? '<1s' : durationText(seconds * 1000);
}
