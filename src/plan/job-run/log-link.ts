/** Hosts of the console by the beginning of the region, which tells the partition. */
const CONSOLES: readonly [string, (region: string) => string][] = [
  ['cn-', (region) => `${region}.console.amazonaws.cn`],
  ['us-gov-', () => 'console.amazonaws-us-gov.com'],
  ['eusc-', (region) => `${region}.console.amazonaws-eusc.eu`],
  ['', (region) => `${region}.console.aws.amazon.com`],
];

/** Their consoles can't be reached by a link from outside. */
const ISOLATED = /^[a-z]+-iso/;

/** Address of a log stream in the console of its partition; undefined where there is none that could be reached. */
export function logLink(place: { region: string; group: string; stream: string }): string | undefined {
  const { region, group, stream } = place;
  if (ISOLATED.test(region)) return undefined;
  const host = CONSOLES.find(([prefix]) => region.startsWith(prefix))?.[1](region);
  return `https://${host}/cloudwatch/home?region=${region}#logsV2:log-groups/log-group/${escaped(group)}/log-events/${escaped(stream)}`;
}

/** The console takes names that are escaped twice, with `$` in the place of `%`. */
function escaped(name: string): string {
  return encodeURIComponent(encodeURIComponent(name)).replaceAll('%', '$');
}
