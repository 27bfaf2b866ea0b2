import { beforeEach, describe, expect, it } from '@jest/globals';
import { LivePrinter } from '../../../../src/report/local-run/progress/live-printer.ts';
import { pipelineOf } from '../../../runner/support/pipeline-of.ts';
import { jobIs, says, stepStarts } from '../support/events.ts';
import { HandClock } from '../support/hand-clock.ts';
import { Screen } from '../support/screen.ts';

const PIPELINE = pipelineOf(`
jobs:
  build: {machine: true, steps: []}
  test: {machine: true, steps: []}
workflows: {main: {jobs: [build, test: {requires: [build]}]}}
`);

let clock: HandClock;
let screen: Screen;
let live: LivePrinter;

beforeEach(() => {
  clock = new HandClock();
  screen = new Screen(60, 10);
  screen.write('$ aws-deploy local run\r\n');
  live = new LivePrinter(screen, { pipeline: PIPELINE, logOf: () => 'log', ...clock });
});

const BEFORE = '$ aws-deploy local run\n';

describe('the screen', () => {
  it('shows the run, drawn in place as it goes on', () => {
    live.listen(jobIs('build', 'running', 0));
    clock.set(1);
    live.listen(stepStarts('build', 0, 'make', 1));
    live.listen(says('build', 0, 'cc a.c\n'));
    clock.set(2);
    clock.set(3);
    expect(screen.text).toBe(
      `${BEFORE}running   build       3s  make: cc a.c\nwaiting   test            after build\n0 of 2 jobs done, 1 running, 3s`,
    );
  });

  it('keeps what has ended above what goes on', () => {
    live.listen(jobIs('build', 'running', 0));
    clock.set(1);
    live.listen(jobIs('build', 'success', 2));
    live.listen({ kind: 'note', text: 'a note\n', at: 0 });
    live.listen(jobIs('test', 'running', 2));
    clock.set(4);
    expect(screen.text).toBe(
      `${BEFORE}ok        build       2s\na note\nrunning   test        2s\n1 of 2 jobs done, 1 running, 4s`,
    );
  });

  it('has only what has ended in the end', () => {
    live.listen(jobIs('build', 'running', 0));
    clock.set(1);
    live.listen(jobIs('build', 'failed', 2, 'no disk'));
    live.listen(jobIs('test', 'not_run', 2, 'build is failed'));
    live.close();
    expect(screen.text).toBe(`${BEFORE}failed    build       2s  no disk\nnot run   test            build is failed`);
  });

  it('is drawn anew when its size changes, also when lines have wrapped', () => {
    live.listen(jobIs('build', 'running', 0));
    live.listen(stepStarts('build', 0, 'a step with a name of many words', 0));
    clock.set(1);
    screen.resize(24, 10);
    expect(screen.text).toBe(`${BEFORE}running   build\nwaiting   test\n0 of 2 jobs done, 1 ru…`);
    screen.resize(60, 10);
    expect(screen.text).toMatch(/run\nrunning {3}build {7}1s {2}a step with a name of many words\nwaiting.*\n0 of 2/);
  });

  it('is not disturbed by what jobs say', () => {
    live.listen(jobIs('build', 'running', 0));
    live.listen(stepStarts('build', 0, 'x\u001B[2J', 0));
    live.listen(says('build', 0, '\u001B[5A\u001B]0;t\u0007\u009B2J漢\r\n'));
    clock.set(1);
    clock.set(2);
    expect(screen.text).toBe(
      `${BEFORE}running   build       2s  x: 漢\nwaiting   test            after build\n0 of 2 jobs done, 1 running, 2s`,
    );
  });
});

describe('for a question', () => {
  it('the view goes away, and comes back after it', () => {
    live.listen(jobIs('build', 'running', 0));
    clock.set(1);
    const resume = live.pause();
    expect([screen.text, screen.cursorIsVisible]).toEqual([BEFORE.trim(), true]);
    screen.write('Approve? y\r\n');
    live.listen(jobIs('build', 'success', 2));
    clock.set(2);
    expect(screen.text).toBe(`${BEFORE}Approve? y`);
    resume();
    expect(screen.text).toBe(
      `${BEFORE}Approve? y\nok        build       2s\nwaiting   test            waits for its turn\n1 of 2 jobs done, 2s`,
    );
  });
});

describe('the terminal', () => {
  it('gets its cursor back', () => {
    expect(screen.cursorIsVisible).toBe(false);
    live.close();
    expect([screen.cursorIsVisible, screen.listeners, clock.running]).toEqual([true, 0, 0]);
  });

  it('gets its cursor back when the process ends in the middle', () => {
    screen.exit();
    expect(screen.cursorIsVisible).toBe(true);
  });

  it('is left alone afterwards', () => {
    live.close();
    screen.write('$ ');
    live.listen(jobIs('build', 'success', 2));
    live.close();
    live.pause()();
    expect([screen.text, screen.cursorIsVisible]).toEqual([`${BEFORE}$`, true]);
  });
});
