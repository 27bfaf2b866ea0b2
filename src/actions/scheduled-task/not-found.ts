import type { EventsOperations } from '../../aws/events.ts';
import { ruleLabel, scheduleLabel, type RuleId, type ScheduleId } from '../../aws/schedule-names.ts';
import type { SchedulerOperations } from '../../aws/scheduler.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { nearestName } from '../../core/nearest-name.ts';

/** On so many other buses is looked for a rule of that name. */
const MOST_BUSES = 10;

/** The error for a rule that is not there (exit code 5), with what was most likely meant. */
export async function ruleNotFound({ bus, name }: RuleId, events: EventsOperations): Promise<DeployError> {
  const buses = await unlessRefused(() => events.buses());
  if (buses.length > 0 && !buses.includes(bus)) return notFound(`event bus ${bus}`, [didYouMean(bus, buses)]);
  const rules = await unlessRefused(() => events.rules(bus));
  const near = didYouMean(name, rules);
  const elsewhere = near === undefined ? await otherBus({ bus, name }, buses, events) : undefined;
  return notFound(ruleLabel({ bus, name }), [
    near ?? (elsewhere && `There is one on event bus ${elsewhere}: give event_bus_name.`),
  ]);
}

async function otherBus(
  { bus, name }: RuleId,
  buses: readonly string[],
  events: EventsOperations,
): Promise<string | undefined> {
  for (const other of buses.filter((each) => each !== bus).slice(0, MOST_BUSES)) {
    const rules = await unlessRefused(() => events.rules(other));
    if (rules.includes(name)) return other;
  }
  return undefined;
}

/** The same for a schedule. */
export async function scheduleNotFound(id: ScheduleId, scheduler: SchedulerOperations): Promise<DeployError> {
  const all = await unlessRefused(() => scheduler.list());
  const here = all.filter(({ group }) => group === id.group).map(({ name }) => name);
  const elsewhere = all.find(({ name }) => name === id.name)?.group;
  const otherGroup = elsewhere && `There is one in the group ${elsewhere}: give group_name.`;
  return notFound(scheduleLabel(id), [otherGroup ?? didYouMean(id.name, here)]);
}

function didYouMean(name: string, candidates: readonly string[]): string | undefined {
  const nearest = nearestName(name, candidates);
  return nearest && `Did you mean ${nearest}?`;
}

/** What can't be listed suggests nothing: that it is not there counts. */
async function unlessRefused<T>(list: () => Promise<T[]>): Promise<T[]> {
  try {
    return await list();
  } catch (error) {
    if (error instanceof DeployError) return [];
    throw error;
  }
}

function notFound(what: string, suggestions: readonly (string | undefined)[]): DeployError {
  return new DeployError({
    code: 'schedule.not_found',
    title: `there is no ${what}`,
    hints: [
      ...suggestions.filter((hint) => hint !== undefined),
      'Check the name, the region and the account. This only changes what is there; nothing is created.',
    ],
    exitCode: EXIT.notFound,
  });
}
