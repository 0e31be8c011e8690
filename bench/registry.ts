/** The sections of the benchmark, in the order in which they run. */
import type { Section } from "./harness.ts";
import { breakEvenSpeed } from "./sections/breakEven.ts";
import { charts } from "./sections/charts.ts";
import { desktopSpeed } from "./sections/desktop.ts";
import { engineAgainstPlain, engineSpeed } from "./sections/engineSpeed.ts";
import { fidelity } from "./sections/fidelity.ts";
import { importSpeed } from "./sections/importSpeed.ts";
import { library } from "./sections/library.ts";
import { live } from "./sections/live.ts";
import { largeImport, oracleFuzz, soak } from "./sections/longRuns.ts";
import { optimizerSpeed } from "./sections/optimizerSpeed.ts";
import { otherSimulator } from "./sections/otherSimulator.ts";
import { studies } from "./sections/studies.ts";
import { workbench } from "./sections/workbench.ts";

/** Sections of `bench`: together they end within 8 minutes. */
export const sections: readonly Section[] = [
  engineSpeed,
  engineAgainstPlain,
  otherSimulator,
  importSpeed,
  library,
  fidelity,
  studies,
  breakEvenSpeed,
  optimizerSpeed,
  desktopSpeed,
  live,
  charts,
  workbench,
];

/** Sections of `bench:long`: fuzzing, soak and very large inputs. */
export const longSections: readonly Section[] = [oracleFuzz, soak, largeImport];
