/** A long call of a view: started, followed, cancelled. */
import { useCallback, useEffect, useRef, useState } from "react";
import { CallFailed } from "../../api/client.ts";
import { useApp } from "../../components/useApp.ts";
import { newJob } from "../../state/jobNames.ts";

/** A call as a view shows it. */
export interface Job<Value> {
  readonly value: Value | undefined;
  readonly isRunning: boolean;
  readonly share: number;
  readonly problem: string | undefined;
  start(): void;
  cancel(): void;
}

/** Follows the call that `begin` makes under the name it is given. A call that goes on when the view goes is cancelled. */
export function useJob<Value>(begin: (job: string) => Promise<Value>): Job<Value> {
  const { client } = useApp();
  const [state, setState] = useState<Omit<Job<Value>, "start" | "cancel">>({
    ...{ value: undefined, isRunning: false, share: 0, problem: undefined },
  });
  const current = useRef<string>(undefined);
  useEffect(() => {
    const stop = client.on((event) => {
      if (event.kind !== "progress" || event.job !== current.current) return;
      setState((before) => ({ ...before, share: event.share }));
    });
    return () => {
      stop();
      if (current.current !== undefined) void client.call("job.cancel", { job: current.current });
      current.current = undefined;
    };
  }, [client]);
  const end = useCallback((job: string, patch: Partial<Job<Value>>) => {
    if (current.current !== job) return;
    current.current = undefined;
    setState((before) => ({ ...before, isRunning: false, ...patch }));
  }, []);
  return {
    ...state,
    start() {
      const job = newJob("view");
      current.current = job;
      setState((before) => ({ ...before, isRunning: true, share: 0, problem: undefined }));
      begin(job).then(
        (value) => end(job, { value }),
        (error: unknown) => {
          const isCancelled = error instanceof CallFailed && error.error.code === "cancelled";
          const problem = error instanceof Error ? error.message : String(error);
          end(job, isCancelled ? {} : { problem });
        },
      );
    },
    cancel() {
      const job = current.current;
      if (job === undefined) return;
      void client.call("job.cancel", { job });
      end(job, {});
    },
  };
}
