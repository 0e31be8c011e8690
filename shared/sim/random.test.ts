import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandomStream, hashUniform, RandomStream } from "./random.ts";

function draw(stream: RandomStream, n: number): number[] {
  return Array.from({ length: n }, () => stream.nextUniform());
}

/** Pearson's statistic of uniforms in 100 cells: 99 on average, over 160 once in 10,000. */
function chiSquare(values: readonly number[]): number {
  const cells = new Float64Array(100);
  for (const u of values) cells[Math.floor(u * 100)]!++;
  const wanted = values.length / 100;
  return cells.reduce((sum, n) => sum + ((n - wanted) * (n - wanted)) / wanted, 0);
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const sum = a.reduce((total, x, i) => total + (x - 0.5) * (b[i]! - 0.5), 0);
  return (12 * sum) / a.length;
}

describe("RandomStream", () => {
  it("is xoshiro128++ as its authors publish it", () => {
    const stream = new RandomStream(1, 2, 3, 4);
    const first = Array.from({ length: 10 }, () => stream.nextUint32());
    expect(first).toEqual([
      641, 1573767, 3222811527, 3517856514, 836907274, 4247214768, 3867114732, 1355841295,
      495546011, 621204420,
    ]);
  });

  it("draws even uniforms inside (0, 1)", () => {
    const values = draw(createRandomStream(1, "evenness"), 200_000);
    expect(chiSquare(values)).toBeLessThan(160);
    expect(Math.min(...values.slice(0, 100_000))).toBeGreaterThan(0);
    expect(Math.max(...values.slice(0, 100_000))).toBeLessThan(1);
  });

  it("does not start from the state of all zeros, which it could not leave", () => {
    expect(new RandomStream(0, 0, 0, 0).nextUint32()).not.toBe(0);
  });

  it("draws whole numbers below n, each as often", () => {
    const stream = createRandomStream(5, "index");
    const counts = [0, 0, 0];
    for (let i = 0; i < 30_000; i++) counts[stream.nextIndex(3)]!++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(350);
  });
});

describe("createRandomStream", () => {
  it("gives the same stream for the same seed, name and replication", () => {
    const seed = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(seed, fc.string(), fc.nat(1000), (s, name, replication) => {
        const [a, b] = [0, 0].map(() => draw(createRandomStream(s, name, replication), 3));
        expect(a).toEqual(b);
      }),
    );
  });

  it("gives unrelated streams for another seed, name or replication", () => {
    const n = 20_000;
    const base = draw(createRandomStream(1, "arrivals/chat"), n);
    const others = [
      createRandomStream(2, "arrivals/chat"),
      createRandomStream(1 + 4294967296, "arrivals/chat"),
      createRandomStream(1, "arrivals/chau"),
      createRandomStream(1, "prompt/chat"),
      createRandomStream(1, "arrivals/chat", 1),
    ];
    for (const other of others) {
      expect(Math.abs(correlation(base, draw(other, n)))).toBeLessThan(4 / Math.sqrt(n));
    }
  });

  it("has even first draws over consecutive seeds and over replications", () => {
    const seeds = Array.from({ length: 20_000 }, (_, s) =>
      createRandomStream(s, "x").nextUniform(),
    );
    const runs = Array.from({ length: 20_000 }, (_, r) => {
      return createRandomStream(7, "x", r).nextUniform();
    });
    expect(chiSquare(seeds)).toBeLessThan(160);
    expect(chiSquare(runs)).toBeLessThan(160);
  });
});

describe("hashUniform", () => {
  const rows = Array.from({ length: 50_000 }, (_, i) => i);

  it("is even over rows and inside (0, 1)", () => {
    const values = rows.map((i) => hashUniform(1, "class/chat", i));
    expect(chiSquare(values)).toBeLessThan(160);
    expect(Math.min(...values)).toBeGreaterThan(0);
    expect(Math.max(...values)).toBeLessThan(1);
  });

  it("is unrelated between neighbouring rows, seeds and purposes", () => {
    const base = rows.map((i) => hashUniform(1, "class/chat", i));
    const limit = 4 / Math.sqrt(rows.length);
    const others = [
      rows.map((i) => hashUniform(1, "class/chat", i + 1)),
      rows.map((i) => hashUniform(2, "class/chat", i)),
      rows.map((i) => hashUniform(1, "prefix/chat", i)),
    ];
    for (const other of others) expect(Math.abs(correlation(base, other))).toBeLessThan(limit);
  });
});
