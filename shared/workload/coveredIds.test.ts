import { describe, expect, it } from "vitest";
import { coveredIdTokens } from "./coveredIds.ts";

describe("the tokens that an id covers", () => {
  const chains = {
    offsets: Int32Array.of(0, 3, 6, 9, 10),
    ids: Int32Array.of(0, 1, 2, 0, 1, 2, 0, 1, 3, 4),
    idTokens: new Int32Array(6).fill(32),
  };

  it("are what prompts leave for it where it only ends them, and none where no prompt has it", () => {
    const covered = coveredIdTokens(Int32Array.of(80, 72, 96, 32), chains);
    expect([...covered]).toEqual([32, 32, 16, 32, 32, 0]);
  });

  it("are none behind the end of a prompt", () => {
    expect([...coveredIdTokens(Int32Array.of(20, 20, 20, 40), chains)]).toEqual([
      20, 0, 0, 0, 32, 0,
    ]);
  });
});
