/** The break-even study of a scenario, as the results ask for it: found again where it was run before. */
import { useEffect, useState } from "react";
import type { BreakEvenStudy } from "../../../shared/planning/breakEven/breakEvenStudy.ts";
import { useApp } from "../../components/useApp.ts";
import type { OpenScenario } from "../../state/appState.ts";
import { newJob } from "../../state/jobNames.ts";

export type KeptStudy = BreakEvenStudy & { readonly sentence: string };

export interface BreakEvenState {
  readonly study: KeptStudy | undefined;
  /** 0..1 of the run under way. */
  readonly share: number;
  readonly problem: string | undefined;
}

export function useBreakEven(scenario: OpenScenario): BreakEvenState {
  const app = useApp();
  const [state, setState] = useState<BreakEvenState>({
    study: undefined,
    share: 0,
    problem: undefined,
  });
  useEffect(() => {
    const job = newJob("present");
    let isCurrent = true;
    const set = (patch: Partial<BreakEvenState>): void => {
      if (isCurrent) setState((known) => ({ ...known, ...patch }));
    };
    const stop = app.client.on((event) => {
      if (event.kind === "progress" && event.job === job) set({ share: event.share });
    });
    const { document } = scenario.document;
    app.client
      .call("study.start", {
        ...{ job, scenarios: [{ document }], scenarioId: scenario.document.store.getState().id },
        study: { kind: "breakeven", points: 20, replications: 5 },
      })
      .then(
        ({ result }) => set({ study: result as object as KeptStudy, share: 1 }),
        (error: unknown) =>
          set({ problem: error instanceof Error ? error.message : String(error) }),
      );
    return () => {
      isCurrent = false;
      stop();
      void app.client.call("job.cancel", { job });
    };
  }, [app, scenario]);
  return state;
}
