import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from '../../../src/core/json.ts';
import { configGraph } from '../../../src/config/views/graph.ts';
import type { MapNode } from '../../../src/config/node.ts';
import { nodeOf } from '../support/node-of.ts';

function graphOf(workflows: JsonValue): string {
  const document = nodeOf({ version: 2, jobs: {}, workflows }) as MapNode;
  return configGraph({ document });
}

describe('configGraph', () => {
  it('draws the jobs of a workflow, and arrows from those that are required', () => {
    const jobs = ['build', { test: { requires: ['build'] } }, { deploy: { requires: ['build', 'test'] } }];
    expect(graphOf({ version: 2, main: { jobs } })).toBe(`flowchart LR
  subgraph workflow1["main"]
    job1["build"]
    job2["test"]
    job3["deploy"]
    job1 --> job2
    job1 --> job3
    job2 --> job3
  end
`);
  });

  it('draws each workflow on its own, also when they have jobs of the same name', () => {
    const jobs = ['build', { test: { requires: ['build'] } }];
    expect(graphOf({ commit: { jobs }, nightly: { jobs }, version: 2 })).toBe(`flowchart LR
  subgraph workflow1["commit"]
    job1["build"]
    job2["test"]
    job1 --> job2
  end
  subgraph workflow2["nightly"]
    job3["build"]
    job4["test"]
    job3 --> job4
  end
`);
  });

  it('draws an approval as a hexagon', () => {
    const jobs = [{ hold: { type: 'approval' } }, { deploy: { requires: ['hold'] } }];
    expect(graphOf({ main: { jobs } })).toBe(`flowchart LR
  subgraph workflow1["main"]
    job1{{"hold"}}
    job2["deploy"]
    job1 --> job2
  end
`);
  });

  it('names the statuses on an arrow, unless it is success alone', () => {
    const upstream = { build: ['success'], test: ['failed', 'not_run'], lint: ['success', 'failed'], scan: 'canceled' };
    const jobs = [
      'build',
      'test',
      'lint',
      'scan',
      { notify: { requires: ['build', 'test', 'lint', 'scan'], upstream } },
    ];
    expect(graphOf({ main: { jobs } })).toBe(`flowchart LR
  subgraph workflow1["main"]
    job1["build"]
    job2["test"]
    job3["lint"]
    job4["scan"]
    job5["notify"]
    job1 --> job5
    job2 -->|"failed#44; not_run"| job5
    job3 -->|"success#44; failed"| job5
    job4 -->|"canceled"| job5
  end
`);
  });

  it('draws no arrow from a job that is not in the workflow', () => {
    expect(graphOf({ main: { jobs: [{ deploy: { requires: ['gone'] } }] } })).toBe(`flowchart LR
  subgraph workflow1["main"]
    job1["deploy"]
  end
`);
  });

  it('draws nothing but the workflow when it has no jobs', () => {
    expect(graphOf({ version: 2, empty: { jobs: [] } })).toBe(`flowchart LR
  subgraph workflow1["empty"]
  end
`);
  });

  it.each([
    ['build-linux_x64/a-1.14', 'build-linux_x64/a-1.14'],
    ['Build And Test', 'Build And Test'],
    ['größe 日本', 'größe 日本'],
    ['end', 'end'],
    ['a"b', 'a#34;b'],
    ['[a](b){c}', '#91;a#93;#40;b#41;#123;c#125;'],
    ['#35;', '#35;35#59;'],
    ['<b>&amp;', '#60;b#62;#38;amp#59;'],
    ['`a` *b*', '#96;a#96; #42;b#42;'],
    ['1. a', '1#46; a'],
    ['- a', '#45; a'],
    ['_a_', '#95;a#95;'],
    ['a\nb', 'a#10;b'],
    ['style:#a;', 'style#58;#35;a#59;'],
    ['🎉', '#127881;'],
    ['', ' '],
    ['%%{init}%%', '#37;#37;#123;init#125;#37;#37;'],
  ])('labels a job and a workflow called %j so that Mermaid reads it as text', (name, written) => {
    expect(graphOf({ [name]: { jobs: [name] } })).toBe(`flowchart LR
  subgraph workflow1["${written}"]
    job1["${written}"]
  end
`);
  });
});
