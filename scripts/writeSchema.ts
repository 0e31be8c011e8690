/** Writes the JSON Schemas of data/ from the zod schemas: `npm run -s schema`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  scenarioJsonSchema,
  searchSpaceJsonSchema,
  studyJsonSchema,
} from "../shared/schema/jsonSchema.ts";

const texts = {
  scenario: scenarioJsonSchema(),
  searchSpace: searchSpaceJsonSchema(),
  study: studyJsonSchema(),
};
for (const [name, text] of Object.entries(texts)) {
  writeFileSync(join(import.meta.dirname, `../data/${name}.schema.json`), text);
}
