/** The JSON Schemas (draft 2020-12) of the scenario and study files, for editors and other programs. */
import { canonicalJson } from "./canonicalJson.ts";
import { scenarioSchema, scenarioVersion } from "./scenario.ts";
import { studySchema, studyVersion } from "./study.ts";
import { z } from "./zod.ts";

/** The schema's text in canonical JSON, made from the checks that reading a file uses; fields with a default may be left out. */
export function scenarioJsonSchema(): string {
  const schema = z.toJSONSchema(scenarioSchema, { io: "input", reused: "ref" });
  return canonicalJson({
    ...schema,
    title: `Crossover scenario, version ${scenarioVersion}`,
  });
}

/** The same for study files. */
export function studyJsonSchema(): string {
  const schema = z.toJSONSchema(studySchema, { io: "input", reused: "ref" });
  return canonicalJson({ ...schema, title: `Crossover study, version ${studyVersion}` });
}
