/** Timers of a run. */

/** Kinds of timers; the number is also their priority among equal times. */
export const timer = {
  /** First: whatever else happens at an opening or closing time finds the pool as it is from then on. */
  poolSwitch: 0,
  /** Beside it, for the layouts of partitions; new instances that are ready when a layout's hours end serve and drain again. */
  layoutReady: 1,
  layoutHours: 2,
  /** Who comes up at the moment at which another fails takes over its requests. */
  replicaUp: 3,
  replicaFails: 4,
  /** After all that come up or fail at that moment, so that what waited is spread over those that are up. */
  openDoor: 5,
  /** After the pools, which must be open to take what a window lets go. */
  holdWindow: 6,
  /** After the window: work that may go at the last moment goes to the pool. */
  deadline: 7,
  /** After the deadline, which concerns the same requests and is the stronger reason; only one of the two moves a request. */
  spill: 8,
  /** After both: who leaves is not sent on, and what was sent on just now is taken back. */
  abandon: 9,
  /** After the clients who leave, who try no more. */
  retry: 10,
  /** After all that move requests: the autoscaler sees the pools as they are left. */
  evaluate: 11,
  /** Last, as arrivals come after all timers. */
  issue: 12,
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

/** The most replicas of a scenario, spares included; their slots stand below it. */
const slotStride = 2_097_152;

/** Payload of a timer of one replica: in another of its phases it means nothing any more. */
export function slotAt(slot: number, epoch: number): number {
  return epoch * slotStride + slot;
}

export function slotOf(payload: number): number {
  return payload % slotStride;
}

export function epochOf(payload: number): number {
  return Math.floor(payload / slotStride);
}
