/**
 * Spreads tests over the nodes of a job: the heaviest first, each to the node that has least so far, the first of
 * several. It depends on nothing but names and weights, so that every node comes to the same answer. Equal weights make
 * it go round the nodes in alphabetical order. Each node's tests are in alphabetical order.
 */
export function splitTests(tests: readonly string[], total: number, weight: (test: string) => number): string[][] {
  const nodes = Array.from({ length: total }, () => ({ tests: [] as string[], weight: 0 }));
  const weighed = tests.map((test) => ({ test, weight: weight(test) }));
  const heaviestFirst = weighed.toSorted((a, b) => b.weight - a.weight || compare(a.test, b.test));
  for (const each of heaviestFirst) {
    const lightest = nodes.reduce((least, node) => (node.weight < least.weight ? node : least));
    lightest.tests.push(each.test);
    lightest.weight += each.weight;
  }
  return nodes.map((node) => node.tests.toSorted(compare));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
