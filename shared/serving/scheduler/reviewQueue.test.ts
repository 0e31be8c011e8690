import fc from "fast-check";
import { expect, test } from "vitest";
import { RequestDeque } from "./waitingQueue.ts";

test("a long queue from whose middle requests leave is still the list it was", () => {
  const step = fc.record({
    action: fc.constantFrom("back", "back", "back", "front", "removeFirst", "remove", "remove"),
    pick: fc.nat({ max: 1_000_000 }),
  });
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 300 }),
      fc.array(step, { maxLength: 600, size: "max" }),
      (startCount, steps) => {
        const deque = new RequestDeque();
        const list: number[] = [];
        let request = 0;
        const back = () => {
          deque.pushBack(request);
          list.push(request++);
        };
        for (let i = 0; i < startCount; i++) back();
        for (const { action, pick } of steps) {
          if (action === "back") back();
          else if (action === "front") {
            deque.pushFront(request);
            list.unshift(request++);
          } else if (list.length > 0 && action === "removeFirst") {
            deque.removeFirst();
            list.shift();
          } else if (list.length > 0) {
            const at = pick % list.length;
            const [gone] = list.splice(at, 1);
            expect(deque.remove(gone)).toBe(at === 0);
          }
          expect(deque.size).toBe(list.length);
          if (list.length > 0) expect(deque.first).toBe(list[0]);
        }
        const order: number[] = [];
        while (deque.size > 0) {
          order.push(deque.first);
          deque.removeFirst();
        }
        expect(order).toEqual(list);
      },
    ),
    { numRuns: 200, seed: 20261124 },
  );
});
