/** What is asked about the run in sight: asked anew for each answer, and dropped when it is of no use any more. */
import { useEffect, useState } from "react";
import type { ScenarioDocument } from "../../../shared/contract/common.ts";
import type { MethodResult } from "../../../shared/contract/methods.ts";
import { CallFailed } from "../../api/client.ts";
import { useApp, useLive } from "../../components/useApp.ts";
import type { App, OpenScenario } from "../../state/appState.ts";
import { newJob } from "../../state/jobNames.ts";

/** Methods that are asked about a run by its document. */
type Insight = "run.latencies" | "run.flow";

/** An answer; the one before stands until the next is there. */
export interface Asked<Value> {
  readonly value: Value | undefined;
  readonly problem: string | undefined;
}

/** A person who goes on editing is not answered in between. */
const settleMs = 250;
function ask<Name extends Insight>(
  app: App,
  name: Name,
  job: string,
  document: ScenarioDocument,
  fromS: number,
): Promise<MethodResult<Name>> {
  const run = { document };
  const params = name === "run.latencies" ? { job, run, fromS } : { job, run };
  return app.client.call(name, params as Parameters<typeof app.client.call<Name>>[1]);
}

/** Asks a method about the newest answer of a scenario. */
export function useInsight<Name extends Insight>(
  scenario: OpenScenario,
  name: Name,
): Asked<MethodResult<Name>> {
  const app = useApp();
  const document = useLive(scenario, (state) => state.answered);
  const fromS = useLive(scenario, (state) => state.report?.warmupS ?? 0);
  const [asked, setAsked] = useState<Asked<MethodResult<Name>>>({
    ...{ value: undefined, problem: undefined },
  });
  useEffect(() => {
    if (document === undefined) return;
    const job = newJob(name);
    let isWanted = true;
    const timer = setTimeout(() => {
      ask(app, name, job, document, fromS).then(
        (value) => isWanted && setAsked({ value, problem: undefined }),
        (error: unknown) => {
          const isCancelled = error instanceof CallFailed && error.error.code === "cancelled";
          const problem = error instanceof Error ? error.message : String(error);
          if (isWanted && !isCancelled) setAsked((before) => ({ ...before, problem }));
        },
      );
    }, settleMs);
    return () => {
      isWanted = false;
      clearTimeout(timer);
      void app.client.call("job.cancel", { job });
    };
  }, [app, name, document, fromS]);
  return asked;
}
