import { describe, expect, it } from "vitest";
import { JobCancelled } from "../../shared/planning/jobs/job.ts";
import { ProblemsError } from "../../shared/schema/findings.ts";
import { InputError, InvariantError } from "../../shared/units/errors.ts";
import { carryError, reviveError } from "./carriedError.ts";

/** As a message between threads: nothing but data. */
function acrossThreads(error: unknown): Error {
  return reviveError(structuredClone(carryError(error)));
}

describe("an error from another thread", () => {
  it("keeps every problem of a file, with the message that names it", () => {
    const problems = Array.from({ length: 12 }, (_, i) => ({
      ...{ field: `fleet.pools[${i}]`, message: `found ${i}, wanted another` },
    }));
    const error = new ProblemsError("plan.crossover", problems);
    const revived = acrossThreads(error);
    expect(revived).toBeInstanceOf(ProblemsError);
    expect(revived).toMatchObject({ problems, field: "fleet.pools[0]", message: error.message });
  });

  it("keeps field and hint of bad input", () => {
    const revived = acrossThreads(new InputError("found 1", { field: "a.b", hint: "give 2" }));
    expect(revived).toBeInstanceOf(InputError);
    expect(revived).toMatchObject({ message: "found 1", field: "a.b", hint: "give 2" });
  });

  it("is cancelled work or an impossible state again, and else keeps its name and stack", () => {
    expect(acrossThreads(new JobCancelled())).toBeInstanceOf(JobCancelled);
    expect(acrossThreads(new InvariantError("1 = 2"))).toBeInstanceOf(InvariantError);
    const error = new RangeError("too far");
    expect(acrossThreads(error)).toMatchObject({ name: "RangeError", stack: error.stack });
    expect(acrossThreads("a text")).toMatchObject({ message: "a text" });
  });
});
