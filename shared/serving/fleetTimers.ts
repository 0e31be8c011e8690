/** Timers of a run. */

/** Kinds of timers; the number is also their priority among equal times. */
export const timer = {
  /** First: whatever else happens at an opening or closing time finds the pool as it is from then on. */
  poolSwitch: 0,
  /** After the pools, which must be open to take what a window lets go. */
  holdWindow: 1,
  /** After the window: work that may go at the last moment goes to the pool. */
  deadline: 2,
  /** After the deadline, which concerns the same requests and is the stronger reason; only one of the two moves a request. */
  spill: 3,
  /** After both: who leaves is not sent on, and what was sent on just now is taken back. */
  abandon: 4,
  /** After the clients who leave, who try no more. */
  retry: 5,
  /** Last, as arrivals come after all timers. */
  issue: 6,
} as const;

/** The most rules of a scenario; their indices stand below it. */
const ruleStride = 256;

/** Payload of a timer that ends a request's wait at one rule: at another rule it means nothing any more. */
export function waitAt(request: number, ruleIndex: number): number {
  return request * ruleStride + ruleIndex;
}

export function requestOfWait(wait: number): number {
  return Math.floor(wait / ruleStride);
}

export function ruleOfWait(wait: number): number {
  return wait % ruleStride;
}
