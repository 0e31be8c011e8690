import { describe, expect, it } from "vitest";
import { placeOf } from "./windowState.ts";

const kept = { x: 100, y: 50, width: 1200, height: 800, isMaximized: false };
const left = { x: 0, y: 0, width: 1920, height: 1080 };
const right = { x: 1920, y: 0, width: 1920, height: 1080 };

describe("the place of the window", () => {
  it("is where it was left, on whichever display that is", () => {
    expect(placeOf(kept, [left])).toEqual({ x: 100, y: 50, width: 1200, height: 800 });
    expect(placeOf({ ...kept, x: 2500 }, [left, right])).toMatchObject({ x: 2500 });
  });

  it("is the usual one when the display of last time is gone", () => {
    expect(placeOf({ ...kept, x: 2500 }, [left])).toEqual({ width: 1440, height: 900 });
  });

  it("is the usual one when its top edge could not be reached", () => {
    expect(placeOf({ ...kept, y: -300 }, [left])).toEqual({ width: 1440, height: 900 });
    expect(placeOf({ ...kept, y: 1060 }, [left])).toEqual({ width: 1440, height: 900 });
    expect(placeOf({ ...kept, x: -1150 }, [left])).toEqual({ width: 1440, height: 900 });
  });

  it("is no larger than the display when nothing was kept", () => {
    expect(placeOf(null, [{ ...left, width: 1024, height: 700 }])).toEqual({
      width: 1024,
      height: 700,
    });
    expect(placeOf(null, [])).toEqual({ width: 1440, height: 900 });
  });
});
