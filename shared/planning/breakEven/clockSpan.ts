/** How long a point must play so that what goes by the clock shows: hours of pools and rules, work held for the night, deadlines by the clock. */
import type { Hours } from "../../schema/common.ts";
import type { Schedule } from "../../schema/fleet.ts";
import type { Scenario } from "../../schema/scenario.ts";
import { formatSeconds } from "../../units/figureText.ts";
import { sPerDay } from "../../units/units.ts";

/** Requests up to which a window is played again for the clock's sake alone. */
export const mostClockRequests = 1_000_000;

/** What of a scenario goes by the clock. */
export interface ClockBound {
  /** In words. */
  readonly what: string;
  /** Two days, of which the second begins with what the first held over; a week where weekdays differ. */
  readonly spanS: number;
}

function hoursOf(schedule: Schedule): readonly Hours[] {
  return schedule.kind === "hours" ? schedule.hours : [];
}

function scheduleHours({ pools, partitions }: Scenario): Hours[] {
  return [
    ...[...pools, ...partitions].flatMap(({ schedule }) => hoursOf(schedule)),
    ...partitions.flatMap(({ reconfiguration }) =>
      (reconfiguration?.layouts ?? []).flatMap(({ hours }) => hours),
    ),
  ];
}

/** undefined where nothing does. */
export function clockBound(scenario: Scenario): ClockBound | undefined {
  const schedules = scheduleHours(scenario);
  const rules = scenario.rules.flatMap(({ hold, match }) =>
    [hold?.window, match.hours].filter((each) => each !== undefined),
  );
  const hasHour = scenario.traffic.classes.some(
    ({ deadline }) => deadline !== undefined && "by" in deadline,
  );
  const isWeekly = [...schedules, ...rules].some(({ days }) => days !== undefined);
  const spanS = (isWeekly ? 7 : 2) * sPerDay;
  if (schedules.length > 0) return { what: "schedules of pools", spanS };
  if (rules.length > 0) return { what: "hours of rules", spanS };
  return hasHour ? { what: "deadlines by the clock", spanS } : undefined;
}

/** Times that a window of `windowS` with `requests` is to be played for the clock's sake, 1 or more. */
export function clockRepeats(scenario: Scenario, windowS: number, requests: number): number {
  const spanS = clockBound(scenario)?.spanS ?? 0;
  const affordable = Math.floor(mostClockRequests / Math.max(1, requests));
  return Math.max(1, Math.min(Math.ceil(spanS / windowS - 1e-9), affordable));
}

/** A warning where points are too short to see the scenario's hours; `spansS` is how long each point plays, seconds. */
export function clockWarnings(scenario: Scenario, spansS: readonly number[]): string[] {
  const bound = clockBound(scenario);
  if (bound === undefined) return [];
  const { what, spanS } = bound;
  const short = spansS.filter((each) => each < spanS * 0.999).length;
  if (short === 0) return [];
  return [
    `The scenario has ${what}, and ${short} of ${spansS.length} volumes play less than ${formatSeconds(spanS)} of it: its hours may not show, and a night's load is not that of a day. Take a trace of a week or more for these volumes.`,
  ];
}
