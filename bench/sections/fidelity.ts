/** Speed of the virtual benchmark and of the iteration-time model on the project's own calibration rows, and their errors. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadCatalog } from "../../electron/services/catalogFiles.ts";
import { readCaseTable } from "../../shared/planning/benchmark/caseTable.ts";
import { CasePredictor } from "../../shared/planning/benchmark/predictCases.ts";
import { predictSteps } from "../../shared/planning/benchmark/predictSteps.ts";
import { bestOf, type Section, timed } from "../harness.ts";

const folder = join(import.meta.dirname, "../../data/fidelity");
const cases = 4000;

function tableOf(file: string) {
  return readCaseTable(readFileSync(join(folder, file), "utf8"), []);
}

/** 4,000 benchmark cases through the engine, and a file of iteration times. */
export const fidelity: Section = {
  name: "fidelity",
  figures: ["4,000 benchmark cases", "iteration times, 15,288 rows"],
  async run(record) {
    const catalog = loadCatalog();
    const points = tableOf("servingPoints.csv");
    const predictor = new CasePredictor(points, catalog);
    const run = await timed(() => {
      for (let i = 0; i < cases; i++) predictor.predict(i % points.rows.length);
    });
    record("4,000 benchmark cases", run.wallS, "s on one core", { atMost: 60 });
    const steps = tableOf("iterationTimes.csv");
    const read = await bestOf(2, () => predictSteps(steps, catalog));
    record("iteration times, 15,288 rows", read.wallS, "s", { atMost: 1 });
  },
};
