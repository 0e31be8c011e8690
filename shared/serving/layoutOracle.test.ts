/** Changing layouts over both engines: the skipping one and its oracle must agree to the bit also where instances drain and go. */
import fc from "fast-check";
import { expect, test } from "vitest";
import gpusFile from "../../data/catalog/gpus.json";
import { catalogFileSchemas, findGpu } from "../catalog/catalog.ts";
import { scenarioSchema } from "../schema/scenario.ts";
import type { Workload } from "../workload/workload.ts";
import { requestState } from "./requestTable.ts";
import { testCatalog } from "./testCatalog.ts";
import { buildFleet } from "./testFleets.ts";

const gpu = findGpu({ gpus: catalogFileSchemas.gpus.parse(gpusFile).entries }, "h100-sxm");
const provenance = [{ source: "test", retrievedOn: "2026-11-24", basis: "estimated" as const }];

const requestArbitrary = fc.record({
  atMs: fc.integer({ min: 0, max: 300_000 }),
  prompt: fc.integer({ min: 1, max: 400 }),
  output: fc.integer({ min: 0, max: 2500 }),
});

const choiceArbitrary = fc.record({
  changeS: fc.constantFrom(0, 0.5, 20),
  startS: fc.constantFrom(0, 1.25, 45),
  minutes: fc.uniqueArray(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 3 }),
  gpus: fc.integer({ min: 1, max: 2 }),
  hasHold: fc.boolean(),
  drain: fc.boolean(),
});

type Choice = typeof choiceArbitrary extends fc.Arbitrary<infer T> ? T : never;
type Request = typeof requestArbitrary extends fc.Arbitrary<infer T> ? T : never;

function scenarioOf({ changeS, startS, minutes, gpus, hasHold, drain }: Choice) {
  const hours = minutes.map((at) => ({ from: `00:0${at}`, to: `00:0${at + 1}` }));
  const pool = { gpu: "h100-sxm", model: "llama-3.1-8b", backend: "vllm" as const };
  const engine = { maxNumSeqs: 4, kvCapacityTokens: 6000 };
  const onPool = (id: string) => ({ id, to: { pool: id } });
  return scenarioSchema.parse({
    format: "crossover-scenario",
    version: 1,
    name: "layouts",
    ...testCatalog(),
    gpus: [gpu],
    run: { drain, horizonS: 240 },
    traffic: {
      sources: [
        {
          id: "rows",
          kind: "trace",
          rows: { arrivalS: [0], promptTokens: [1], outputTokens: [1] },
        },
      ],
      classes: [{ id: "all" }, { id: "batch", tier: "batch", deadline: { withinS: 1900 } }],
    },
    partitions: [
      {
        id: "cut",
        gpu: "h100-sxm",
        gpus,
        layout: ["3g.40gb", "3g.40gb"],
        price: { usdPerGpuHour: 2, provenance },
        reconfiguration: { layouts: [{ layout: ["7g.80gb"], hours }], changeS, startS, provenance },
      },
    ],
    pools: [
      {
        ...pool,
        id: "halves",
        replicas: 2 * gpus,
        engine,
        partition: { id: "cut", profile: "3g.40gb" },
      },
      {
        ...pool,
        id: "whole",
        replicas: gpus,
        engine,
        partition: { id: "cut", profile: "7g.80gb" },
      },
    ],
    rules: [
      ...(hasHold
        ? [
            {
              id: "hold",
              match: { tiers: ["batch"] },
              to: { pool: "whole" },
              hold: { whenRunningBelow: 0.6, releaseBeforeDeadlineS: 1800 },
            },
          ]
        : []),
      onPool("halves"),
      onPool("whole"),
    ],
  });
}

function workloadOf(requests: readonly Request[]): Workload {
  const sorted = [...requests].sort((a, b) => a.atMs - b.atMs);
  return {
    count: sorted.length,
    openCount: sorted.length,
    arrivalNs: Float64Array.from(sorted, (each) => each.atMs * 1e6),
    promptTokens: Int32Array.from(sorted, (each) => each.prompt),
    outputTokens: Int32Array.from(sorted, (each) => each.output),
    classIndex: Uint8Array.from(sorted, (_, i) => i % 2),
    models: [],
    tenants: [],
    closedLoops: [],
    spanNs: 300e9,
    notes: [],
  };
}

test("both engines agree to the bit where layouts change, no request is lost and none runs on an instance that is not there", () => {
  let drains = 0;
  let refused = 0;
  fc.assert(
    fc.property(
      choiceArbitrary,
      fc.array(requestArbitrary, { minLength: 1, maxLength: 80, size: "max" }),
      (choice, requests) => {
        const scenario = scenarioOf(choice);
        const workload = workloadOf(requests);
        const [skipping, plain] = (["skipping", "plain"] as const).map((engine) => {
          const fleet = buildFleet(scenario, workload, engine, 7, 1e9);
          fleet.advance();
          return fleet;
        });
        for (const column of [
          "firstTokenNs",
          "finishNs",
          "admittedNs",
          "state",
          "destination",
        ] as const) {
          expect(skipping.table[column], column).toEqual(plain.table[column]);
        }
        const [own] = skipping.layouts.partitions;
        expect(own.changes).toEqual(plain.layouts.partitions[0].changes);
        const { admittedNs, finishNs, state, destination } = skipping.table;
        for (let i = 0; i < workload.count; i++) {
          if (state[i] === requestState.rejected) refused++;
          if (choice.drain) expect(state[i]).toBeGreaterThanOrEqual(requestState.finished);
          if (Number.isNaN(admittedNs[i]) || state[i] !== requestState.finished) continue;
          for (const { from, clearNs = Infinity, readyNs = Infinity } of own.changes) {
            expect(admittedNs[i] < clearNs || admittedNs[i] >= readyNs).toBe(true);
            expect(finishNs[i] <= clearNs || admittedNs[i] >= readyNs).toBe(true);
            if (admittedNs[i] < clearNs && finishNs[i] > clearNs - 1) {
              expect(destination[i]).toBe(from === 0 ? 0 : 1);
            }
          }
        }
        drains += own.changes.filter((each) => (each.clearNs ?? 0) > each.drainStartNs).length;
      },
    ),
    { numRuns: 300, seed: 20261126 },
  );
  expect(drains).toBeGreaterThan(100);
  expect(refused).toBeGreaterThan(20);
}, 120_000);
