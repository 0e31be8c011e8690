import { describe, expect, it } from "vitest";
import { defaultSettings } from "../../shared/contract/settings.ts";
import {
  doubledColumns,
  headerKey,
  rememberedMapping,
  withChoice,
  withMapping,
} from "./traceMapping.ts";

const header = ["when", "in", "out"];
const mapping = {
  ...{ arrival: "when", promptTokens: "in", outputTokens: "out" },
  ...{ timeUnit: "ms" as const, utcOffsetMinutes: -300 },
};

describe("mappings of trace files", () => {
  it("come back for a file with the same columns, and for no other", () => {
    const mappings = withMapping(defaultSettings, header, mapping);
    const settings = { ...defaultSettings, mappings };
    expect(rememberedMapping(settings, header)).toEqual(mapping);
    expect(rememberedMapping(settings, ["when", "in", "out", "more"])).toBeUndefined();
  });

  it("leave out columns that the file lacks, whatever the settings hold", () => {
    const mappings = { [headerKey(header)!]: { arrival: "gone", promptTokens: "in" } };
    expect(rememberedMapping({ ...defaultSettings, mappings }, header)).toEqual({
      promptTokens: "in",
    });
  });

  it("are not kept where nothing was chosen or the header is too long", () => {
    expect(withMapping(defaultSettings, header, {})).toEqual({});
    expect(headerKey(["x".repeat(5000)])).toBeUndefined();
    expect(headerKey([])).toBeUndefined();
  });

  it("forget the oldest of more than a hundred", () => {
    let settings = defaultSettings;
    for (let i = 0; i < 120; i++) {
      settings = { ...settings, mappings: withMapping(settings, [`c${i}`], { arrival: `c${i}` }) };
    }
    expect(Object.keys(settings.mappings)).toHaveLength(100);
    expect(rememberedMapping(settings, ["c119"])).toEqual({ arrival: "c119" });
    expect(rememberedMapping(settings, ["c0"])).toBeUndefined();
  });

  it("say which column stands for two meanings", () => {
    const columns = { arrival: "when", promptTokens: "in", outputTokens: "out" };
    expect(doubledColumns({ columns }, { outputTokens: "in" })).toEqual([
      { column: "in", meanings: ["promptTokens", "outputTokens"] },
    ]);
    expect(doubledColumns({ columns }, {})).toEqual([]);
  });

  it("lose a choice that is taken back", () => {
    expect(withChoice(mapping, "timeUnit", undefined)).not.toHaveProperty("timeUnit");
    expect(withChoice({}, "model", "m")).toEqual({ model: "m" });
  });
});
