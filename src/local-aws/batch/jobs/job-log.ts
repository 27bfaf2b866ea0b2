import { AwsError } from '../../aws-error.ts';
import type { World } from '../../service.ts';
import { definitionNameOf, type Job } from './job.ts';

const DEFAULT_GROUP = '/aws/batch/job';

/** Where the output of an attempt goes. */
export interface JobLog {
  /** Undefined when the job's log driver isn't CloudWatch's. */
  streamName?: string;
  write(line: string): void;
  /** Resolves when all lines have arrived. */
  end(): Promise<void>;
}

/**
 * Creates the log stream of an attempt. Gives the container's reason when its group, which only the usual one is made by
 * itself, is missing. Any other failure of CloudWatch Logs loses the lines and not the job.
 */
export async function openJobLog(world: World, job: Job, taskId: string): Promise<JobLog | { refused: string }> {
  const configuration = job.detail.container?.logConfiguration;
  if (configuration?.logDriver !== undefined && configuration.logDriver !== 'awslogs') {
    return { write() {}, end: () => Promise.resolve() };
  }
  const options = configuration?.options ?? {};
  const logGroupName = options['awslogs-group'] ?? DEFAULT_GROUP;
  const region = options['awslogs-region'] ?? job.region;
  const prefix = options['awslogs-stream-prefix'] ?? definitionNameOf(job);
  const logStreamName = `${prefix}/default/${taskId}`;
  const call = (operation: string, input: object): Promise<unknown> =>
    world.invoke({ service: 'logs', operation, region, input: { logGroupName, ...input } });
  try {
    const isMade = logGroupName === DEFAULT_GROUP || options['awslogs-create-group'] === 'true';
    const createStream = (): Promise<unknown> =>
      call('CreateLogStream', { logStreamName }).catch(passIf('ResourceAlreadyExistsException'));
    await createStream().catch(async (error: unknown) => {
      if (!isMade) throw error;
      passIf('ResourceNotFoundException')(error);
      await call('CreateLogGroup', {});
      await createStream();
    });
  } catch (error) {
    if (error instanceof AwsError && error.name === 'ResourceNotFoundException') {
      return {
        refused: `ResourceInitializationError: failed to validate logger args: ${error.name}: ${error.message}`,
      };
    }
  }
  return {
    streamName: logStreamName,
    ...writerOf(world, (logEvents) => call('PutLogEvents', { logStreamName, logEvents })),
  };
}

function passIf(name: string): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof AwsError && error.name === name)) throw error;
  };
}

/** What CloudWatch takes in one call, with room to spare. */
const MAX_EVENTS = 1000;
const MAX_BYTES = 1_000_000;
const MAX_SPAN_MS = 12 * 3_600_000;
const EVENT_OVERHEAD = 26;
/** A longer line becomes several events. In UTF-8 it has up to three times as many bytes. */
const MAX_LINE = 250_000;

interface LogLine {
  timestamp: number;
  message: string;
}

type PutEvents = (events: LogLine[]) => Promise<unknown>;

/** One call at a time carries all lines that came during the last. */
function writerOf(world: World, put: PutEvents): Pick<JobLog, 'write' | 'end'> {
  let waiting: LogLine[] = [];
  let sending: Promise<void> | undefined;
  const send = async (): Promise<void> => {
    while (waiting.length > 0) {
      const events = waiting.slice(0, countForOneCall(waiting));
      waiting = waiting.slice(events.length);
      await put(events).catch(() => undefined);
    }
    sending = undefined;
  };
  return {
    write(line) {
      const timestamp = Math.floor(world.clock.now().getTime());
      // CloudWatch has no events without text.
      for (let at = 0; at === 0 || at < line.length; at += MAX_LINE) {
        waiting.push({ timestamp, message: line.slice(at, at + MAX_LINE) || ' ' });
      }
      sending ??= Promise.resolve().then(send);
    },
    async end() {
      await sending;
    },
  };
}

function countForOneCall(lines: readonly LogLine[]): number {
  let bytes = 0;
  const latest = (lines[0]?.timestamp ?? 0) + MAX_SPAN_MS;
  const over = lines.findIndex(({ timestamp, message }) => {
    bytes += Buffer.byteLength(message) + EVENT_OVERHEAD;
    return bytes > MAX_BYTES || timestamp > latest;
  });
  return Math.min(MAX_EVENTS, over < 0 ? lines.length : over);
}
