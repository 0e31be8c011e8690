import { expect, test } from "vitest";
import { wilsonInterval } from "./wilson.ts";

// Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
test.each([
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])("%i of %i lies between %f and %f", (hits, n, low, high) => {
  const interval = wilsonInterval(hits, n);
  expect(interval.low).toBeCloseTo(low, 4);
  expect(interval.high).toBeCloseTo(high, 4);
});

test("is the mirror of what is left over, and holds the share", () => {
  for (const hits of [0, 3, 10]) {
    const [a, b] = [wilsonInterval(hits, 10), wilsonInterval(10 - hits, 10)];
    expect(a.low).toBeCloseTo(1 - b.high, 12);
    expect(a.share).toBeGreaterThanOrEqual(a.low);
    expect(a.share).toBeLessThanOrEqual(a.high);
  }
  expect(() => wilsonInterval(1, 0)).toThrow(/1 hits of 0/);
});
