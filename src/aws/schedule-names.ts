/** Apart from the clients, so that to name a schedule loads none of them. */

export interface RuleId {
  bus: string;
  name: string;
}

export interface ScheduleId {
  group: string;
  name: string;
}

/** `rule nightly`, and on another bus than the default one `rule orders/nightly`. */
export function ruleLabel({ bus, name }: RuleId): string {
  return `rule ${bus === 'default' ? '' : `${bus}/`}${name}`;
}

/** `schedule nightly`, and outside of the default group `schedule crawlers/nightly`. */
export function scheduleLabel({ group, name }: ScheduleId): string {
  return `schedule ${group === 'default' ? '' : `${group}/`}${name}`;
}
