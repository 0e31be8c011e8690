import { describe, expect, it } from "vitest";
import { Explained } from "./explained.ts";

describe("the figure taken apart", () => {
  it("is reached step by step and left the same way", () => {
    const explained = new Explained();
    const trail = () => explained.store.getState().trail;
    explained.show("cost/month");
    explained.follow("line/a");
    explained.follow("line/b");
    expect(trail()).toEqual(["cost/month", "line/a", "line/b"]);
    explained.follow("line/a");
    expect(trail()).toEqual(["cost/month", "line/a"]);
    explained.back();
    explained.back();
    expect(trail()).toEqual([]);
    explained.show("goodput");
    explained.show("slo/all");
    expect(trail()).toEqual(["slo/all"]);
    explained.close();
    expect(trail()).toEqual([]);
  });
});
