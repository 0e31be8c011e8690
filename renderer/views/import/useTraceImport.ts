/** Preview and import of one chosen trace file. */
import { useEffect, useRef, useState } from "react";
import type { ChosenFile } from "../../../shared/contract/hostMethods.ts";
import type {
  TraceEntry,
  TraceMapping,
  TracePreview,
} from "../../../shared/contract/traceMethods.ts";
import { useApp } from "../../components/useApp.ts";
import { newJob } from "../../state/jobNames.ts";
import { hasChoices, rememberedMapping, withMapping } from "../../state/traceMapping.ts";

function paramsOf(file: ChosenFile, mapping: TraceMapping) {
  return { file: file.token, ...(hasChoices(mapping) && { mapping }) };
}

/** What the file would be read as; asked anew at every choice, the last answer stays in sight meanwhile. */
export function useTracePreview(file: ChosenFile) {
  const app = useApp();
  const [mapping, setMapping] = useState<TraceMapping>({});
  const [preview, setPreview] = useState<TracePreview>();
  const [isRemembered, setRemembered] = useState(false);
  const isFirst = useRef(true);
  useEffect(() => {
    let isCurrent = true;
    void app.try(async () => {
      const next = await app.client.call("trace.preview", paramsOf(file, mapping));
      if (!isCurrent) return;
      const known = rememberedMapping(app.store.getState().settings, next.header);
      const takesKnown = isFirst.current && !hasChoices(mapping) && known !== undefined;
      isFirst.current = false;
      setRemembered((before) => before || takesKnown);
      if (takesKnown) setMapping(known);
      else setPreview(next);
    });
    return () => {
      isCurrent = false;
    };
  }, [app, file, mapping]);
  const choose = (next: TraceMapping): void => {
    setRemembered(false);
    setMapping(next);
  };
  return { mapping, choose, preview, isRemembered };
}

interface ImportJob {
  readonly id: string;
  readonly share: number;
  readonly text: string;
}

/** Imports a file and remembers its mapping. */
export function useTraceImport(file: ChosenFile, onDone: (trace: TraceEntry) => void) {
  const app = useApp();
  const [job, setJob] = useState<ImportJob>();
  useEffect(
    () =>
      app.client.on((event) => {
        if (event.kind !== "progress") return;
        const { job: id, share, text = "" } = event;
        setJob((known) => (known?.id === id ? { id, share, text } : known));
      }),
    [app],
  );
  const start = (name: string, mapping: TraceMapping, header: readonly string[]): void => {
    const id = newJob("import");
    setJob({ id, share: 0, text: "" });
    void app.try(async () => {
      try {
        const params = { job: id, name, ...paramsOf(file, mapping) };
        const { trace } = await app.client.call("trace.import", params);
        if (hasChoices(mapping)) {
          await app.set({ mappings: withMapping(app.store.getState().settings, header, mapping) });
        }
        await app.readTraces();
        onDone(trace);
      } finally {
        setJob(undefined);
      }
    });
  };
  const cancel = (): void => {
    if (job !== undefined) void app.client.call("job.cancel", { job: job.id });
  };
  return { job, start, cancel };
}
