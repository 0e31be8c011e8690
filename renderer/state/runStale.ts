/** Simulates everything whose newest answer is not of what stands there now. */
import type { App } from "./appState.ts";
import { newJob } from "./jobNames.ts";

/** What came of it. */
export interface StaleOutcome {
  readonly simulated: number;
  /** Had their answer already. */
  readonly current: number;
  /** Names of those that could not be run, each with why. */
  readonly failed: readonly string[];
}

/** Whether a scenario was simulated: no when the library had the run already. */
async function runClosed(app: App, id: string): Promise<boolean> {
  const { document, draft } = await app.client.call("scenario.open", { id });
  const { isCached } = await app.client.call("run.start", {
    ...{ job: newJob("stale"), document: draft?.document ?? document, scenarioId: id },
  });
  return !isCached;
}

async function runOpen(app: App, id: string): Promise<boolean> {
  const scenario = app.scenario(id);
  if (scenario === undefined) return runClosed(app, id);
  const { live, document } = scenario;
  const isCurrent = (): boolean => live.store.getState().answered === document.document;
  if (isCurrent()) return false;
  await live.run(document.document, true);
  const { error } = live.store.getState();
  if (error !== undefined) throw new Error(error.message);
  return true;
}

/** Goes through the library, one scenario after the other; open ones show their new answer. */
export async function runStale(app: App): Promise<StaleOutcome> {
  let simulated = 0;
  let current = 0;
  const failed: string[] = [];
  for (const { id, name } of app.store.getState().scenarios) {
    try {
      if (await runOpen(app, id)) simulated++;
      else current++;
    } catch (error) {
      failed.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { simulated, current, failed };
}

/** The outcome in words. */
export function staleText({ simulated, current, failed }: StaleOutcome): string {
  const scenarios = (count: number): string => `${count} scenario${count === 1 ? "" : "s"}`;
  const done = simulated === 0 ? "Nothing was stale" : `${scenarios(simulated)} simulated`;
  const rest = current === 0 ? "" : `, ${scenarios(current)} up to date`;
  const problems =
    failed.length === 0 ? "" : ` ${scenarios(failed.length)} could not be run. ${failed.join(" ")}`;
  return `${done}${rest}.${problems}`;
}
