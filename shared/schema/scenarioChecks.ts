/** Checks between the fields of a scenario, each of which fits its schema by itself. */
import { checkFleet } from "./checks/fleetChecks.ts";
import { checkProjection } from "./checks/projectionChecks.ts";
import { checkUnique } from "./checks/references.ts";
import { checkRouting } from "./checks/routingChecks.ts";
import { checkHorizon, checkTraffic } from "./checks/trafficChecks.ts";
import { Findings } from "./findings.ts";
import type { Scenario } from "./scenario.ts";

function checkRunSettings(findings: Findings, { run }: Scenario): void {
  const { horizonS, warmup, windowS } = run;
  checkHorizon(findings, horizonS, "run.horizonS");
  if (horizonS === undefined) return;
  if (warmup.kind === "seconds" && warmup.seconds >= horizonS) {
    findings.problem(
      "run.warmup.seconds",
      `found ${warmup.seconds}, wanted less than the horizon of ${horizonS} s: nothing would be left to report.`,
    );
  }
  if (windowS !== undefined && windowS > horizonS) {
    findings.warn("run.windowS", `${windowS} s is longer than the horizon of ${horizonS} s.`);
  }
}

/** All problems and warnings between the fields; what needs GPU memory or MIG placement is planning's (checkScenario). */
export function checkScenarioFields(scenario: Scenario): Findings {
  const findings = new Findings();
  checkRunSettings(findings, scenario);
  checkTraffic(findings, scenario);
  checkFleet(findings, scenario);
  checkRouting(findings, scenario);
  checkUnique(findings, scenario.fixedCosts, "fixedCosts");
  if (scenario.projection !== undefined) {
    checkProjection(findings, scenario.projection, "projection.");
  }
  return findings;
}
