import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadCatalog } from "../../../electron/services/catalogFiles.ts";
import { idleRules } from "../../cost/chargeback/chargebackReport.ts";
import type { GpuSample } from "../../schema/gpuSamples.ts";
import { type MeasuredOptions, measuredChargeback } from "./measuredChargeback.ts";

const { gpus } = loadCatalog();

const sample = (changes: Partial<GpuSample> = {}): GpuSample => ({
  ...{ timeS: undefined, scrape: 0, gpu: "GPU-a", modelName: "NVIDIA H100 80GB HBM3" },
  ...{ hostname: "dgx", instance: undefined, namespace: "team", pod: "p", activity: 0.75 },
  ...changes,
});
const slice = (id: string, profile: string, changes: Partial<GpuSample> = {}): GpuSample =>
  sample({ instance: { id, profile }, ...changes });

const plain: MeasuredOptions = {
  ...{ by: "namespace", idle: "proportional", usdPerGpuHour: 2, hours: 10 },
};
const charge = (samples: readonly GpuSample[], options: Partial<MeasuredOptions> = {}) =>
  measuredChargeback(samples, gpus, { ...plain, ...options });

const sumOf = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0);

describe("measured GPU-hours", () => {
  it("are charged to who holds the GPU, active or not", () => {
    const { rows, billUsd, gpuHours } = charge([sample()]);
    expect([gpuHours, billUsd]).toEqual([10, 20]);
    expect(rows).toEqual([
      {
        ...{ id: "team", kind: "named", share: 1 },
        gpuHours: { used: 7.5, idle: 2.5, unknown: 0 },
        usd: { used: 15, idle: 5, unknown: 0, unallocated: 0, total: 20 },
      },
    ]);
  });

  it("of MIG slices are parts of the GPU by memory slices, and add up to it with what nobody holds", () => {
    const samples = [
      slice("1", "3g.40gb", { namespace: "a" }),
      slice("9", "1g.10gb", { namespace: "b", activity: undefined }),
      slice("7", "1g.10gb", { namespace: undefined, pod: undefined }),
    ];
    const report = charge(samples, { idle: "separate" });
    const [gpu] = report.gpus;
    expect(gpu.parts.map(({ id, profile, gpuHours }) => [id, profile, gpuHours])).toEqual([
      ["a", "3g.40gb", 5],
      ["b", "1g.10gb", 1.25],
      ["(unallocated)", "1g.10gb", 1.25],
      ["(unallocated)", null, 2.5],
    ]);
    expect(gpu.gpuHours).toBe(10);
    expect(report.rows.map(({ id, usd }) => [id, usd.total])).toEqual([
      ["a", 10],
      ["b", 2.5],
      ["(unallocated)", 7.5],
    ]);
    expect(report.rows[1].gpuHours).toEqual({ used: 0, idle: 0, unknown: 1.25 });
  });

  it("that nobody held go by the hours held, or evenly, where asked", () => {
    const samples = [
      slice("1", "3g.40gb", { namespace: "a" }),
      slice("9", "1g.10gb", { namespace: "b" }),
    ];
    const unallocated = (idle: "proportional" | "even") =>
      charge(samples, { idle }).rows.map(({ usd }) => usd.unallocated);
    expect(unallocated("proportional")).toEqual([6, 1.5]);
    expect(unallocated("even")).toEqual([3.75, 3.75]);
  });

  it("add up to the bill to the last cent, by any rule, price and activity", () => {
    const part = fc.record({
      id: fc.constantFrom("1", "2", "3"),
      namespace: fc.option(fc.constantFrom("a", "b", "c"), { nil: undefined }),
      activity: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
      gpu: fc.constantFrom("GPU-a", "GPU-b"),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(part, {
          minLength: 1,
          maxLength: 6,
          selector: ({ gpu, id }) => gpu + id,
        }),
        fc.constantFrom(...idleRules),
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        (parts, idle, usdPerGpuHour) => {
          const samples = parts.map(({ id, ...each }) =>
            slice(id, "2g.20gb", { ...each, pod: each.namespace }),
          );
          const report = charge(samples, { idle, usdPerGpuHour, hours: 730 });
          const units = (usd: number): number => Math.round(usd * 1e6);
          const total = sumOf(report.rows.map(({ usd }) => units(usd.total)));
          expect(total).toBe(units(report.billUsd));
          for (const { usd } of report.rows) {
            const { used, idle: idleUsd, unknown, unallocated } = usd;
            expect(sumOf([used, idleUsd, unknown, unallocated].map(units))).toBe(units(usd.total));
          }
          for (const gpu of report.gpus) {
            expect(sumOf(gpu.parts.map((each) => each.gpuHours))).toBeCloseTo(730, 9);
          }
        },
      ),
    );
  });

  it("follow the times of the samples: a GPU is charged for the steps at which it was seen", () => {
    const times = [0, 900, 1800, 3600];
    const samples = times.map((timeS) => sample({ timeS, activity: 1 }));
    const other = sample({ gpu: "GPU-b", timeS: 900, namespace: "late" });
    const report = charge([...samples, other], { hours: undefined, by: "pod" });
    expect(report).toMatchObject({ periodHours: 1, moments: 4, gpuHours: 1.25 });
    expect(report.rows.map(({ id }) => id)).toEqual(["team/p", "late/p"]);
    expect(report.notes).toEqual([expect.stringMatching(/^1 moments between/)]);
    const month = charge([...samples, other], { hours: 400 });
    expect(month.gpuHours).toBe(500);
  });

  it("of a GPU that changes between MIG layouts and pods add up all the same", () => {
    const samples = [
      slice("1", "3g.40gb", { timeS: 0 }),
      sample({ timeS: 0, namespace: undefined, pod: undefined }),
      sample({ timeS: 60, namespace: undefined, pod: undefined }),
    ];
    const { gpus: parts } = charge(samples, { idle: "separate" });
    expect(sumOf(parts[0].parts.map((each) => each.gpuHours))).toBe(10);
    expect(parts[0].parts[0].gpuHours).toBe(2.5);
  });

  it("of a GPU that several pods share in time go to them in equal parts, with a note", () => {
    const samples = [sample({ namespace: "a", pod: "a" }), sample({ namespace: "b", pod: "b" })];
    const { rows, notes } = charge(samples);
    expect(rows.map(({ usd }) => usd.total)).toEqual([10, 10]);
    expect(notes).toEqual([expect.stringContaining("several pods held the same GPU")]);
  });

  it("need a period, slices that fit, and a GPU whose profiles are known", () => {
    const refused = (samples: readonly GpuSample[], hours?: number) => (message: string) =>
      expect(() => charge(samples, { hours })).toThrow(message);
    refused([sample()])("A scrape is one moment. Wanted --hours N");
    refused([sample({ timeS: 5 })])("The samples are of one moment");
    refused([sample(), sample({ timeS: 5 })], 1)("Some files have times");
    const halves = ["1", "2", "3"].map((id) => slice(id, "3g.40gb"));
    refused(halves, 1)("take 1.500 of its memory");
    refused([slice("1", "9g.99gb")], 1)('no MIG profile "9g.99gb"');
    refused([slice("1", "3g.40gb", { modelName: "Tesla" })], 1)('The GPU "Tesla" is not known');
  });
});
