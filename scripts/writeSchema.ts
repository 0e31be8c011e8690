/** Writes data/scenario.schema.json and data/study.schema.json from the zod schemas: `npm run -s schema`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { scenarioJsonSchema, studyJsonSchema } from "../shared/schema/jsonSchema.ts";

writeFileSync(join(import.meta.dirname, "../data/scenario.schema.json"), scenarioJsonSchema());
writeFileSync(join(import.meta.dirname, "../data/study.schema.json"), studyJsonSchema());
