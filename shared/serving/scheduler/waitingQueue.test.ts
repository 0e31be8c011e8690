import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvariantError } from "../../units/errors.ts";
import { RequestDeque, WaitingQueue } from "./waitingQueue.ts";

const levels = 3;

describe("WaitingQueue", () => {
  test("it is one list per level, the lowest level first, whatever is pushed, taken and removed", () => {
    const step = fc.record({
      action: fc.constantFrom("back", "back", "back", "front", "removeFirst", "remove"),
      level: fc.nat({ max: levels - 1 }),
      pick: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150, size: "max" }), (steps) => {
        const queue = new WaitingQueue(levels);
        const lists: number[][] = [[], [], []];
        for (const [request, { action, level, pick }] of steps.entries()) {
          const all = lists.flat();
          if (action === "back") {
            queue.pushBack(request, level);
            lists[level].push(request);
          } else if (action === "front") {
            queue.pushFront(request, level);
            lists[level].unshift(request);
          } else if (action === "removeFirst" && all.length > 0) {
            queue.removeFirst();
            lists.find((list) => list.length > 0)!.shift();
          } else if (action === "remove" && lists[level].length > 0) {
            const [gone] = lists[level].splice(pick % lists[level].length, 1);
            expect(queue.remove(gone, level)).toBe(gone === all[0]);
          }
          expect(queue.size).toBe(lists.flat().length);
          expect(queue.first).toBe(lists.flat()[0] ?? -1);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("a preempted request goes to the head of its own level, not of all", () => {
    const queue = new WaitingQueue(2);
    queue.pushBack(1, 0);
    queue.pushBack(2, 1);
    queue.pushFront(3, 1);
    const order: number[] = [];
    while (queue.size > 0) {
      order.push(queue.first);
      queue.removeFirst();
    }
    expect(order).toEqual([1, 3, 2]);
  });

  test("removing a request that does not wait is an impossible state", () => {
    const deque = new RequestDeque();
    deque.pushBack(4);
    expect(() => deque.remove(5)).toThrow(InvariantError);
  });
});
