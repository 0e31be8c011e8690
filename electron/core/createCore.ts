/** Wires services, storage and workers, once; hosts get one function to call and one stream of events. */
import type { AppInfo } from "../../shared/contract/appMethods.ts";
import type { Reply } from "../../shared/contract/errors.ts";
import type { CoreEvent } from "../../shared/contract/events.ts";
import { engineVersion } from "../../shared/planning/engineVersion.ts";
import { JobDesk } from "../services/jobDesk.ts";
import { type Caller, dispatch, type Handlers } from "./dispatch.ts";

/** What a host says of itself. */
export interface CoreConfig {
  readonly host: AppInfo["host"];
  readonly version: string;
  readonly isPackaged: boolean;
  /** Folder of the library: database, traces, results, backups. Made when missing. */
  readonly dataFolder: string;
  /** Errors of Crossover's own, for the log. */
  log(error: unknown): void;
}

/** The application without a window. */
export interface Core {
  call(method: unknown, params: unknown, caller: Caller): Promise<Reply<unknown>>;
  /** Tells `listener` every event until the returned function is called. */
  subscribe(listener: (event: CoreEvent) => void): () => void;
  /** Says something to every page, e.g. that a menu entry was used. */
  publish(event: CoreEvent): void;
  /** Ends work, writes what is to be written, closes the library. */
  close(): Promise<void>;
}

/** Starts the application. */
export function createCore(config: CoreConfig): Core {
  const listeners = new Set<(event: CoreEvent) => void>();
  const publish = (event: CoreEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const jobs = new JobDesk(publish);
  const handlers: Handlers = {
    "app.info": () => appInfo(config),
    "job.cancel": ({ job }) => ({ isKnown: jobs.cancel(job) }),
  };
  return {
    call: (method, params, caller) =>
      dispatch(handlers, method, params, caller, (error) => config.log(error)),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    publish,
    async close() {
      jobs.cancelAll();
      listeners.clear();
    },
  };
}

function appInfo({ host, version, isPackaged }: CoreConfig): AppInfo {
  const { node, electron, chrome } = process.versions;
  return {
    ...{ version, engineVersion, host, isPackaged },
    runtime: {
      node,
      electron: electron ?? null,
      chrome: chrome ?? null,
      platform: `${process.platform}-${process.arch}`,
    },
  };
}
