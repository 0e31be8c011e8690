import { describe, expect, it } from "vitest";
import { clockSchema } from "../schema/common.ts";
import { trafficSchema } from "../schema/traffic.ts";
import type { z } from "../schema/zod.ts";
import { buildWorkload } from "./buildWorkload.ts";
import type { Workload } from "./workload.ts";

type Classes = z.input<typeof trafficSchema>["classes"];

/** One row per cell of tags, or rows without the column. */
function build(classes: Classes, tag?: string[]): Workload {
  const arrivalS = tag?.map((_, i) => i) ?? [0, 1];
  const tokens = arrivalS.map(() => 10);
  const rows = { arrivalS, promptTokens: tokens, outputTokens: tokens, tag };
  const traffic = trafficSchema.parse({ sources: [{ id: "a", kind: "trace", rows }], classes });
  const clock = clockSchema.parse({});
  return buildWorkload({ traffic, clock, traces: new Map(), seed: 1, replication: 0 });
}

describe("classes by tag", () => {
  it("take rows of which one tag is listed, and untagged ones by the empty tag", () => {
    const { classIndex } = build(
      [
        { id: "agents", match: { tags: ["agents", "nightly"] } },
        { id: "chat", match: { tags: ["chat"] } },
        { id: "untagged", match: { tags: [""] } },
      ],
      ["chat", '["prod","agents"]', "", "chat"],
    );
    expect([...classIndex]).toEqual([1, 0, 2, 1]);
  });

  it("take nothing of a trace without tags", () => {
    expect(() => build([{ id: "t", match: { tags: ["chat"] } }])).toThrow(
      "No traffic class takes row 1",
    );
    expect(() => build([{ id: "t", match: { tags: ["chat"] } }], ["api", "api"])).toThrow(
      "tag 'api'",
    );
  });

  it("leave everything else of the workload as it is", () => {
    const { classIndex, ...own } = build(
      [{ id: "api", match: { tags: ["api"] } }, { id: "all" }],
      ["chat", "api"],
    );
    const { classIndex: _, ...plain } = build([{ id: "all" }]);
    expect(own).toEqual(plain);
    expect([...classIndex]).toEqual([1, 0]);
  });
});
