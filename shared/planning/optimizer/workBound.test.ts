import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { catalogFileSchemas } from "../../catalog/catalog.ts";
import {
  fittedParts,
  IterationTimes,
  ticksPerNs,
} from "../../serving/executionTime/iterationTimes.ts";
import { leastBusyNs, requestWork, workRates } from "./workBound.ts";

const folder = join(import.meta.dirname, "../../../data/catalog");
const read = (file: string) => JSON.parse(readFileSync(join(folder, `${file}.json`), "utf8"));
const { entries: sets } = catalogFileSchemas.coefficients.parse(read("coefficients"));
const { entries: gpus } = catalogFileSchemas.gpus.parse(read("gpus"));
const { entries: models } = catalogFileSchemas.models.parse(read("models"));

const limits = { maxNumSeqs: 192, maxNumBatchedTokens: 4096 };

/** An iteration: prompts of which chunks are prefilled, and decodes with their contexts. */
const iteration = fc.record({
  chunks: fc.array(fc.integer({ min: 1, max: 1500 }), { maxLength: 6 }),
  finishing: fc.double({ min: 0, max: 1, noNaN: true }),
  decodes: fc.integer({ min: 0, max: limits.maxNumSeqs }),
  context: fc.integer({ min: 1, max: 20_000 }),
  past: fc.integer({ min: 0, max: 10_000 }),
});

describe("the bound on busy time", { timeout: 120_000 }, () => {
  it.each(sets.map((set) => [set.id, set] as const))(
    "never exceeds the time of an iteration: %s",
    (_, coefficients) => {
      const { precision, kvPrecision } = coefficients;
      const cases = fc.record({
        iteration,
        gpu: fc.constantFrom(...gpus),
        model: fc.constantFrom(...models),
        tensorParallel: fc.constantFrom(1, 2, 4, 8),
        prefill: fc.double({ min: 0, max: 1, noNaN: true }),
      });
      fc.assert(
        fc.property(cases, ({ iteration: each, gpu, model, tensorParallel, prefill }) => {
          const parts = fittedParts({
            ...{ gpu, model, precision, kvPrecision, tensorParallel, coefficients },
          });
          const { maxNumSeqs, maxNumBatchedTokens } = limits;
          const times = new IterationTimes(parts, maxNumSeqs, maxNumBatchedTokens);
          const sums = { prefillTokens: 1e6 * prefill, decodeTokens: 1e6 * (1 - prefill) };
          const rates = workRates(times, limits, sums);
          const room = Math.max(0, maxNumBatchedTokens - each.decodes);
          let tokens = 0;
          let pairs2 = 0;
          for (const chunk of each.chunks) {
            const taken = Math.min(chunk, room - tokens);
            tokens += taken;
            pairs2 += taken * (2 * each.past + taken);
          }
          if (tokens + each.decodes === 0) return;
          const finishing = tokens > 0 ? Math.round(each.finishing * each.chunks.length) : 0;
          const context = each.decodes * each.context;
          const ticks =
            times.mixedTicks(tokens, each.decodes, finishing, pairs2) +
            times.contextTicks * context;
          const work = {
            prefillTokens: tokens,
            decodeTokens: each.decodes,
            contextTokens: context,
          };
          const bound =
            leastBusyNs({ ...work, pairs: pairs2 / 2 }, { ...rates, perPromptNs: 0 }) +
            finishing * rates.perPromptNs;
          expect(bound).toBeLessThanOrEqual(ticks / ticksPerNs);
        }),
        { numRuns: 60, seed: 11 },
      );
    },
  );

  it("counts the work of a request as the engine does", () => {
    expect(requestWork(100, 4, 1000, false)).toEqual({
      ...{ prefillTokens: 100, decodeTokens: 3, contextTokens: 101 + 102 + 103, pairs: 5000 },
    });
    expect(requestWork(100, 4, 102, false).decodeTokens).toBe(1);
    expect(requestWork(100, 0, 1000, false).decodeTokens).toBe(0);
    expect(requestWork(100, 4, 1000, true)).toMatchObject({ prefillTokens: 1, pairs: 99.5 });
  });
});
