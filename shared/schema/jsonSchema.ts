/** The JSON Schemas (draft 2020-12) of the scenario, study and search-space files, for editors and other programs. */
import { canonicalJson } from "./canonicalJson.ts";
import { scenarioSchema, scenarioVersion } from "./scenario.ts";
import { searchSpaceSchema, searchSpaceVersion } from "./searchSpace.ts";
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

/** The same for the search spaces of an optimization. */
export function searchSpaceJsonSchema(): string {
  const schema = z.toJSONSchema(searchSpaceSchema, { io: "input", reused: "ref" });
  return canonicalJson({
    ...schema,
    title: `Crossover search space, version ${searchSpaceVersion}`,
  });
}
