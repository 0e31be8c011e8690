import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SlotQueue } from "./slotQueue.ts";

/** The earliest time and the lowest slot that has it, by looking at all. */
function earliest(times: readonly number[]): { timeNs: number; slot: number } {
  const timeNs = Math.min(...times);
  return { timeNs, slot: timeNs === Number.POSITIVE_INFINITY ? -1 : times.indexOf(timeNs) };
}

const timeArbitrary = fc.oneof(
  fc.integer({ min: 0, max: 20 }),
  fc.integer({ min: 0, max: 1e9 }),
  fc.constant(Number.POSITIVE_INFINITY),
);

describe("SlotQueue", () => {
  test.each(Array.from({ length: 40 }, (_, i) => i + 1))(
    "with %d slots it always knows the earliest, ties to the lowest slot",
    (count) => {
      const changes = fc.array(fc.tuple(fc.integer({ min: 0, max: count - 1 }), timeArbitrary), {
        maxLength: 120,
        size: "max",
      });
      fc.assert(
        fc.property(changes, (list) => {
          const queue = new SlotQueue(count);
          const times = new Array<number>(count).fill(Number.POSITIVE_INFINITY);
          for (const [slot, timeNs] of list) {
            queue.set(slot, timeNs);
            times[slot] = timeNs;
            const wanted = earliest(times);
            expect(queue.nextNs).toBe(wanted.timeNs);
            expect(queue.nextSlot).toBe(wanted.slot);
          }
        }),
        { numRuns: 40 },
      );
    },
  );

  test.each([1, 16, 17, 40])(
    "taking the earliest of %d slots again and again sorts them",
    (count) => {
      const times = fc.array(fc.integer({ min: 0, max: 50 }), {
        minLength: count,
        maxLength: count,
      });
      fc.assert(
        fc.property(times, (list) => {
          const queue = new SlotQueue(count);
          for (const [slot, timeNs] of list.entries()) queue.set(slot, timeNs);
          const taken: (readonly [number, number])[] = [];
          while (queue.nextSlot >= 0) {
            taken.push([queue.nextNs, queue.nextSlot]);
            queue.set(queue.nextSlot, Number.POSITIVE_INFINITY);
          }
          const sorted = list
            .map((timeNs, slot) => [timeNs, slot] as const)
            .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
          expect(taken).toEqual(sorted);
        }),
        { numRuns: 60 },
      );
    },
  );

  test("a queue without events has no next slot", () => {
    const queue = new SlotQueue(3);
    expect([queue.nextNs, queue.nextSlot]).toEqual([Number.POSITIVE_INFINITY, -1]);
  });
});
