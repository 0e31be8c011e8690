import { expect, test } from "vitest";
import { scenarioSchema } from "../../shared/schema/scenario.ts";
import { InputError } from "../../shared/units/errors.ts";
import { type FetchTrace, fetchTraces, type TraceOverride } from "./runs.ts";

const scenario = scenarioSchema.parse({
  format: "crossover-scenario",
  version: 1,
  name: "one trace",
  traffic: {
    sources: [{ id: "conv", kind: "trace", file: "conv.csv" }],
    classes: [{ id: "all" }],
  },
  rules: [{ id: "none", to: { reject: true } }],
});

/** What is thrown when the fetch of the trace fails so. */
async function refusal(error: InputError, overrides: TraceOverride[] = []): Promise<unknown> {
  const fetch: FetchTrace = () => Promise.reject(error);
  const fileOf = (name: string) => `there/${name}`;
  return fetchTraces(scenario, overrides, fileOf, fetch, false).catch((thrown: unknown) => thrown);
}

test("a trace file that cannot be read is named with its source, its field and where it was looked for", async () => {
  const missing = new InputError("there/conv.csv: there is no such file.", { field: "file" });
  const error = await refusal(missing);
  expect(error).toMatchObject({ name: "InputError", field: "traffic.sources.conv.file" });
  expect(String(error)).toMatch(
    /source "conv" \(traffic\.sources\.conv\.file is "conv\.csv", looked for beside the scenario file\).*there\/conv\.csv: there is no such file/,
  );
});

test("what is wrong with a source's mapping names the mapping and keeps its hint", async () => {
  const wrong = new InputError("no such column", { field: "mapping.arrival", hint: "look" });
  expect(await refusal(wrong)).toMatchObject({
    field: "traffic.sources.conv.mapping.arrival",
    hint: "look",
  });
});

test("an error of a file given in place of the scenario's own stays as it is", async () => {
  const missing = new InputError("other.csv: there is no such file.", { field: "file" });
  const given = { source: undefined, path: "other.csv" };
  expect(await refusal(missing, [given])).toBe(missing);
});

test("a trace for a scenario without trace sources is refused without a list of none", async () => {
  const traffic = { ...scenario.traffic, sources: [] };
  const given = { source: undefined, path: "other.csv" };
  const fetch: FetchTrace = () => Promise.reject(new Error("not to be fetched"));
  const made = { ...scenario, traffic };
  await expect(fetchTraces(made, [given], (name) => name, fetch, false)).rejects.toThrow(
    "--trace other.csv is given, but the scenario has no trace source. Leave --trace out",
  );
});
