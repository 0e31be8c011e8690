import { describe, expect, it } from "vitest";
import { grownVolume, isUnchanged, stepped, steps } from "./transforms.ts";

const step = (id: string) => steps.find((each) => each.id === id)!;

describe("steps of a trace's transforms", () => {
  it("multiply what is there, and keep the rest", () => {
    expect(stepped({ volume: 1.5, repeat: 3 }, step("double"))).toEqual({ volume: 3, repeat: 3 });
    expect(stepped(undefined, step("burst"))).toEqual({ timeScale: 0.5 });
  });

  it("stay within what the field takes, free of binary noise", () => {
    expect(stepped({ volume: 900 }, step("double")).volume).toBe(1000);
    expect(stepped({ outputFactor: 0.1 + 0.2 }, step("longer")).outputFactor).toBe(0.6);
  });

  it("grow month by month", () => {
    expect(grownVolume(1, 10, 2)).toBe(1.21);
    expect(grownVolume(2, -50, 1)).toBe(1);
    expect(grownVolume(1, 100, 60)).toBe(1000);
    expect([grownVolume(1, undefined, 2), grownVolume(1, -100, 2)]).toEqual([undefined, undefined]);
  });

  it("are none where every factor is 1", () => {
    expect(isUnchanged({ volume: 1 })).toBe(true);
    expect(isUnchanged({ repeat: 2 })).toBe(false);
  });
});
