import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drawPoissonNs } from "../fixtures/variates.ts";
import { TokenBucket } from "./tokenBucket.ts";

/** A bucket of `capacity` that refills at `perS` a second. */
function bucketOf(capacity: number, perS: number): TokenBucket {
  return new TokenBucket(perS * 60, capacity / perS);
}

/** What is in the bucket now, up to 1, found by asking. */
function levelUpTo1(bucket: TokenBucket, nowNs: number): number {
  if (bucket.allows(1, nowNs)) return 1;
  let low = 0;
  let high = 1;
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (bucket.allows(middle, nowNs)) low = middle;
    else high = middle;
  }
  return low;
}

/** Delays in seconds of units that queue for a bucket, first come, first served. */
function delaysS(bucket: TokenBucket, arrivalNs: Float64Array, perS: number): Float64Array {
  let freeNs = 0;
  return arrivalNs.map((arrival) => {
    const askNs = Math.max(arrival, freeNs);
    const missing = 1 - levelUpTo1(bucket, askNs);
    freeNs = askNs + (missing / perS) * 1e9;
    expect(bucket.allows(1 - 1e-6, freeNs)).toBe(true);
    bucket.take(1);
    return (freeNs - arrival) / 1e9;
  });
}

describe("TokenBucket", () => {
  test("a burst of 20 into a bucket of 10 that refills at 2 a second: 10 pass, the last waits 5 s, 1.375 s on average", () => {
    const delays = delaysS(bucketOf(10, 2), new Float64Array(20), 2);
    delays.forEach((delay, k) => {
      expect(delay).toBeCloseTo(Math.max(0, (k + 1 - 10) / 2), 6);
    });
    expect(delays.reduce((sum, each) => sum + each, 0) / 20).toBeCloseTo(1.375, 6);
  });

  test.each([
    { rate: 0.8, capacity: 1, undelayed: 0.2, delay: 2 },
    { rate: 0.8, capacity: 3, undelayed: 0.63452, delay: 0.849535 },
    { rate: 0.8, capacity: 6, undelayed: 0.899503, delay: 0.233257 },
    { rate: 0.9, capacity: 6, undelayed: 0.668709, delay: 1.599306 },
  ])(
    "random arrivals at $rate/s into a bucket of $capacity that refills at 1/s pass at once in $undelayed of cases, and wait $delay s",
    (row) => {
      const arrivalNs = drawPoissonNs(row.rate, 300_000, `bucket/${row.rate}/${row.capacity}`);
      const delays = delaysS(bucketOf(row.capacity, 1), arrivalNs, 1);
      const undelayed = delays.filter((each) => each < 1e-6).length / delays.length;
      const mean = delays.reduce((sum, each) => sum + each, 0) / delays.length;
      expect(Math.abs(undelayed / row.undelayed - 1)).toBeLessThan(0.03);
      expect(Math.abs(mean / row.delay - 1)).toBeLessThan(0.08);
    },
  );

  test("in any window it admits at most its capacity and what it is refilled with", () => {
    const offer = fc.record({
      gapMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3000 })),
      amount: fc.integer({ min: 1, max: 10 }),
    });
    fc.assert(
      fc.property(
        fc.array(offer, { minLength: 1, maxLength: 80, size: "max" }),
        fc.integer({ min: 10, max: 40 }),
        fc.constantFrom(0.5, 2, 30),
        (offers, capacity, perS) => {
          const bucket = bucketOf(capacity, perS);
          let nowNs = 0;
          const admitted: { nowNs: number; amount: number }[] = [];
          for (const { gapMs, amount } of offers) {
            nowNs += gapMs * 1e6;
            if (!bucket.allows(amount, nowNs)) continue;
            bucket.take(amount);
            admitted.push({ nowNs, amount });
          }
          for (let from = 0; from < admitted.length; from++) {
            let sum = 0;
            for (let to = from; to < admitted.length; to++) {
              sum += admitted[to].amount;
              const windowS = (admitted[to].nowNs - admitted[from].nowNs) / 1e9;
              expect(sum).toBeLessThanOrEqual(capacity + perS * windowS + 1e-6);
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test("what is larger than the bucket passes when the bucket is full, and is paid for afterwards", () => {
    const bucket = bucketOf(10, 1);
    expect(bucket.allows(25, 0)).toBe(true);
    bucket.take(25);
    expect(bucket.allows(1, 15e9)).toBe(false);
    expect(bucket.allows(1, 16e9)).toBe(true);
  });

  test("a bucket holds at least one unit, however slow it is", () => {
    expect(new TokenBucket(1, 0.001).allows(1, 0)).toBe(true);
  });
});
