/** Files that the person handed over: traces one after the other, then scenarios, each looked at before it enters the library. */
import { useState } from "react";
import type { ChosenFile } from "../../../shared/contract/hostMethods.ts";
import { formatCount } from "../../../shared/reports/formatters.ts";
import { useApp } from "../../components/useApp.ts";
import { ScenarioPreviews } from "./ScenarioPreviews.tsx";
import { TraceWizard } from "./TraceWizard.tsx";

interface ImportViewProps {
  readonly traces: readonly ChosenFile[];
  readonly scenarios: readonly ChosenFile[];
}

export function ImportView({ traces, scenarios }: ImportViewProps) {
  const app = useApp();
  const [at, setAt] = useState(0);
  const [lastTrace, setLastTrace] = useState<string>();
  const file = traces[at];
  const goOn = (trace: string | undefined): void => {
    setLastTrace(trace ?? lastTrace);
    setAt(at + 1);
    if (at + 1 < traces.length || scenarios.length > 0) return;
    const shown = trace ?? lastTrace;
    app.go(shown === undefined ? { kind: "start" } : { kind: "trace", id: shown });
  };
  const finish = (ids: readonly string[]): void => {
    const [first] = ids;
    if (first !== undefined) void app.try(() => app.show(first, "results"));
    else app.go(lastTrace === undefined ? { kind: "start" } : { kind: "trace", id: lastTrace });
  };
  return (
    <article className="sheet-body">
      {traces.length > 1 && file !== undefined && (
        <p className="import-place" role="status">
          File {formatCount(at + 1)} of {formatCount(traces.length)}
          {at + 1 < traces.length &&
            `, then ${traces
              .slice(at + 1)
              .map(({ name }) => name)
              .join(", ")}`}
        </p>
      )}
      {file !== undefined ? (
        <TraceWizard
          key={file.token}
          file={file}
          onDone={({ id }) => goOn(id)}
          onLeave={() => goOn(undefined)}
        />
      ) : (
        <ScenarioPreviews files={scenarios} onDone={finish} onLeave={() => finish([])} />
      )}
    </article>
  );
}
