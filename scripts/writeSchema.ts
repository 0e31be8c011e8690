/** Writes data/scenario.schema.json from the zod schemas: `npm run -s schema`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { scenarioJsonSchema } from "../shared/schema/jsonSchema.ts";

writeFileSync(join(import.meta.dirname, "../data/scenario.schema.json"), scenarioJsonSchema());
