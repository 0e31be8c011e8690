/** Use case of a chargeback: runs a scenario once and divides its bill. */
import { type ChargebackOptions, chargeBack } from "../../shared/cost/chargeback/chargeBack.ts";
import type { ChargebackReport } from "../../shared/cost/chargeback/chargebackReport.ts";
import type { EndedRun } from "../../shared/planning/endedRun.ts";
import type { RunReport } from "../../shared/planning/runReport.ts";
import type { RunInput } from "../../shared/planning/scenarioRun.ts";
import { type RunWatcher, runReplications } from "./runs.ts";

/** A run, its bill divided, and what a reader must know of both. */
export interface Charged {
  readonly run: RunReport;
  readonly chargeback: ChargebackReport;
  readonly warnings: readonly string[];
}

/** Runs and divides. Throws RunCancelled when the watcher says so. */
export async function chargeRun(
  input: RunInput,
  options: ChargebackOptions,
  watcher: RunWatcher,
): Promise<Charged> {
  let ended: EndedRun | undefined;
  const run = await runReplications(input, 1, watcher, async (first) => {
    ended = first;
  });
  const { scenario, fleet } = ended!;
  const { table, pools, providers } = fleet;
  const chargeback = chargeBack({ scenario, table, pools, providers }, run.cost, options);
  const warnings = [
    ...run.warnings,
    ...attributionWarnings(chargeback, table.workload.tenants, options),
  ];
  return { run, chargeback, warnings };
}

/** What a reader must know of how requests were told apart. */
function attributionWarnings(
  { rows }: ChargebackReport,
  tenants: readonly string[],
  { by, namespaceOf }: ChargebackOptions,
): string[] {
  const warnings: string[] = [];
  const requestsOf = (kind: string): number =>
    rows.filter((row) => row.kind === kind).reduce((sum, row) => sum + row.requests.arrived, 0);
  const nameless = requestsOf("noTenant");
  if (nameless > 0) {
    warnings.push(
      `${nameless} requests name no tenant; they stand in the row "(no tenant)". A trace's tenant column is mapped with "crossover import --map tenant=COLUMN,...", or with the source's mapping.`,
    );
  }
  const unmapped = requestsOf("noNamespace");
  if (unmapped > 0) {
    const names = tenants.filter((each) => each !== "" && !namespaceOf.has(each)).slice(0, 5);
    warnings.push(
      `${unmapped} requests are of tenants without a namespace (${names.join(", ")}${names.length === 5 ? ", ..." : ""}); they stand in the row "(no namespace)".`,
    );
  }
  const known = new Set(tenants);
  const unknown = [...namespaceOf.keys()].filter((each) => !known.has(each));
  if (by === "namespace" && unknown.length > 0) {
    warnings.push(
      `${unknown.length} tenants of the namespace mapping are not in the traffic (${unknown.slice(0, 5).join(", ")}${unknown.length > 5 ? ", ..." : ""}).`,
    );
  }
  return warnings;
}
