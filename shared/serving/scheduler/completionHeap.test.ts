import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CompletionHeap } from "./completionHeap.ts";

const capacity = 60;

describe("CompletionHeap", () => {
  test("adding, taking the first and taking any keeps the least key first", () => {
    const step = fc.record({
      action: fc.constantFrom("add", "add", "removeFirst", "removeAt"),
      value: fc.nat({ max: 40 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200, size: "max" }), (steps) => {
        const heap = new CompletionHeap(capacity);
        const left = new Map<number, number>();
        for (const [request, { action, value }] of steps.entries()) {
          if (action === "add" && left.size < capacity) {
            heap.add(value, request);
            left.set(request, value);
          } else if (action === "removeFirst" && left.size > 0) {
            left.delete(heap.firstRequest);
            heap.removeFirst();
          } else if (action === "removeAt" && left.size > 0) {
            const at = value % left.size;
            expect(heap.keyAt(at)).toBe(left.get(heap.requestAt(at)));
            left.delete(heap.requestAt(at));
            heap.removeAt(at);
          }
          expect(heap.size).toBe(left.size);
          expect(heap.firstKey).toBe(Math.min(Number.POSITIVE_INFINITY, ...left.values()));
          const requests = Array.from({ length: heap.size }, (_, i) => heap.requestAt(i));
          expect(new Set(requests)).toEqual(new Set(left.keys()));
        }
      }),
      { numRuns: 200 },
    );
  });

  test("an empty heap finishes never", () => {
    expect(new CompletionHeap(4).firstKey).toBe(Number.POSITIVE_INFINITY);
  });
});
