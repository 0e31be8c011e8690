/** The JSON Schema (draft 2020-12) of the scenario file, for editors and other programs. */
import { canonicalJson } from "./canonicalJson.ts";
import { scenarioSchema, scenarioVersion } from "./scenario.ts";
import { z } from "./zod.ts";

/** The schema's text in canonical JSON, made from the checks that reading a file uses; fields with a default may be left out. */
export function scenarioJsonSchema(): string {
  const schema = z.toJSONSchema(scenarioSchema, { io: "input", reused: "ref" });
  return canonicalJson({
    ...schema,
    title: `Crossover scenario, version ${scenarioVersion}`,
  });
}
