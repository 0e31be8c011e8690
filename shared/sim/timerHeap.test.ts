import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TimerHeap } from "./timerHeap.ts";

interface Timer {
  readonly timeNs: number;
  readonly priority: number;
  readonly payload: number;
}

const timerArbitrary = fc.record({
  timeNs: fc.oneof(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 2 ** 50 })),
  priority: fc.integer({ min: 0, max: 255 }),
});

function takeNext(heap: TimerHeap): Timer {
  const next = { timeNs: heap.nextNs, priority: heap.nextKind, payload: heap.nextPayload };
  heap.removeNext();
  return next;
}

describe("TimerHeap", () => {
  test("timers come by time, then priority, then in the order in which they were set", () => {
    fc.assert(
      fc.property(fc.array(timerArbitrary, { maxLength: 300, size: "max" }), (list) => {
        const heap = new TimerHeap();
        const timers = list.map((each, payload) => ({ ...each, payload }));
        for (const { timeNs, priority, payload } of timers) {
          heap.add(timeNs, priority, priority, payload);
        }
        expect(heap.size).toBe(list.length);
        const taken = list.map(() => takeNext(heap));
        const isBefore = (a: Timer, b: Timer): number =>
          a.timeNs - b.timeNs || a.priority - b.priority || a.payload - b.payload;
        expect(taken).toEqual([...timers].sort(isBefore));
        expect([heap.size, heap.nextNs]).toEqual([0, Number.POSITIVE_INFINITY]);
      }),
      { numRuns: 150 },
    );
  });

  test("adding and removing in turn always gives the earliest of those that are left", () => {
    const step = fc.oneof(fc.constant("remove" as const), timerArbitrary);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300, size: "max" }), (steps) => {
        const heap = new TimerHeap();
        const left: Timer[] = [];
        for (const [payload, each] of steps.entries()) {
          if (each !== "remove") {
            heap.add(each.timeNs, each.priority, each.priority, payload);
            left.push({ ...each, payload });
          } else if (left.length > 0) {
            left.sort(
              (a, b) => a.timeNs - b.timeNs || a.priority - b.priority || a.payload - b.payload,
            );
            expect(takeNext(heap)).toEqual(left.shift());
          }
          expect(heap.size).toBe(left.length);
        }
      }),
      { numRuns: 150 },
    );
  });
});
