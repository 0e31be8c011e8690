/** How long and how large a workload may be. */
import { InputError } from "../units/errors.ts";
import { nsPerS, sPerDay } from "../units/units.ts";

/** The longest traffic or horizon, days: whole nanoseconds stay exact to 2^53, which is 104.2 days. */
export const maxHorizonDays = 104;
/** The same in nanoseconds. */
export const maxTrafficNs = maxHorizonDays * sPerDay * nsPerS;
/** The most requests of one workload. */
export const maxRequests = 20_000_000;
/** The most prompt or output tokens of one request. */
export const maxTokens = 100_000_000;

/** Refuses a span over 104 days; `what` names it, e.g. "The duration of source 'chat'". */
export function checkSpan(what: string, ns: number, field: string): void {
  if (ns <= maxTrafficNs) return;
  const days = ns / nsPerS / sPerDay;
  throw new InputError(
    `${what} asks for a horizon of ${days.toFixed(1)} days; the limit is ${maxHorizonDays} days, because simulated time is whole nanoseconds, which a number holds exactly only to 2^53 (104.2 days). Shorten it, or set run.horizonS to simulate its first part.`,
    { field },
  );
}

/** Refuses more than 20,000,000 requests; `what` names who asks for them. */
export function checkRequestCount(what: string, count: number, field: string): void {
  if (count <= maxRequests) return;
  const found = Math.round(count).toLocaleString("en-US");
  throw new InputError(
    `${what} comes to about ${found} requests; the limit is 20,000,000 in one run, because every request is kept in memory. Shorten the time, or scale the volume down.`,
    { field },
  );
}

/** Whole tokens of a real quantity: rounded, at least 1 and at most maxTokens. */
export function wholeTokens(x: number): number {
  const rounded = Math.round(x);
  if (rounded >= 1) return rounded < maxTokens ? rounded : maxTokens;
  return 1;
}

/** The salt of a row hash: a purpose, made different for each replication. */
export function saltOf(purpose: string, replication: number): string {
  return replication === 0 ? purpose : `${purpose}#${replication}`;
}
