/** What can be done with a trace of the library. */
import type { TraceEntry } from "../../../shared/contract/traceMethods.ts";
import type { ScenarioInput } from "../../../shared/schema/scenario.ts";
import { useApp } from "../../components/useApp.ts";
import { freeId, idOfName, replay, traceFields } from "../../state/traceSource.ts";

/** Puts the trace in the place of the scenario's first trace source, else adds a source. */
function takeTrace(draft: ScenarioInput, trace: TraceEntry): void {
  const { sources } = draft.traffic;
  const own = sources.find((source) => source.kind === "trace");
  if (own?.kind === "trace") replay(own, trace);
  else {
    const id = freeId(
      idOfName(trace.name),
      sources.map((source) => source.id),
    );
    sources.push({ id, kind: "trace", ...traceFields(trace) });
  }
}

export function useTraceActions(trace: TraceEntry) {
  const app = useApp();
  const { id } = trace;
  const replayIn = (scenario: string): void =>
    void app.try(async () => {
      await app.show(scenario, "traffic");
      app
        .scenario(scenario)
        ?.document.edit(`replay ${trace.name}`, (draft) =>
          takeTrace(draft as object as ScenarioInput, trace),
        );
    });
  return {
    rename: (name: string): void => {
      if (name.trim() === "" || name === trace.name) return;
      void app.try(async () => {
        await app.client.call("trace.rename", { id, name: name.trim() });
        await app.readTraces();
      });
    },
    remove: (): void =>
      void app.try(async () => {
        await app.client.call("trace.delete", { id });
        await app.readTraces();
        app.go({ kind: "start" });
        app.notify(
          "info",
          `${trace.name} is removed. Scenarios that replay it keep its name and hash: import the file again to run them.`,
        );
      }),
    replayIn,
    makeScenario: (): void =>
      void app.try(async () => {
        const name = `${trace.name.replace(/\.[^.]+$/, "")}: own GPUs or API`.slice(0, 200);
        const made = await app.client.call("scenario.createPreset", {
          ...{ preset: "hybrid-spillover", name },
        });
        await app.readScenarios();
        await app.show(made.id, "traffic");
        app.scenario(made.id)?.document.edit(`replay ${trace.name}`, (document) => {
          const draft = document as object as ScenarioInput;
          const source = freeId(idOfName(trace.name), []);
          draft.traffic.sources = [{ id: source, kind: "trace", ...traceFields(trace) }];
        });
        await app.scenario(made.id)?.document.save();
      }),
  };
}
