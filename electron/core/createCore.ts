/** The application behind one function to call and one stream of events. */
import type { ContractError, Reply } from "../../shared/contract/errors.ts";
import type { CoreEvent } from "../../shared/contract/events.ts";
import type { ChosenFile } from "../../shared/contract/hostMethods.ts";
import type { FileTokens } from "../services/fileTokens.ts";
import type { RecentFiles } from "../services/library/recentFiles.ts";
import type { CoreConfig } from "./coreConfig.ts";
import { type Caller, dispatch } from "./dispatch.ts";
import { contractErrorOf } from "./errorMapping.ts";
import { createHandlers } from "./handlers.ts";
import { Maintenance } from "./maintenance.ts";
import { offerPath } from "./offeredFiles.ts";
import { openServices } from "./openServices.ts";
import { browserPorts, Transfers } from "./transfers.ts";

/** The application without a window. */
export interface Core {
  call(method: unknown, params: unknown, caller: Caller): Promise<Reply<unknown>>;
  /** Tells `listener` every event until the returned function is called. */
  subscribe(listener: (event: CoreEvent) => void): () => void;
  /** Says something to every page, e.g. that a menu entry was used. */
  publish(event: CoreEvent): void;
  /** Files that persons chose, for the hosts that let them choose. */
  readonly files: FileTokens;
  /** Offers a file of the machine to pages and remembers it as recent. Throws ServiceError where it is no file. */
  offerPath(path: string): ChosenFile;
  /** Files opened before, for the host's menu. */
  readonly recentFiles: RecentFiles;
  /** Has pages write their unsaved work; whether one said so within the limit. `graceMs` more for others, where there may be several. Milliseconds. */
  flushPages(limitMs: number, graceMs?: number): Promise<boolean>;
  /** Files that come and go over a browser. */
  readonly transfers: Transfers;
  /** The error of a host's own work in the form in which replies carry it. */
  errorOf(error: unknown): ContractError;
  /** Ends work, writes what is to be written, closes the library. */
  close(): Promise<void>;
}

/** Starts the application. */
export function createCore(config: CoreConfig): Core {
  const listeners = new Set<(event: CoreEvent) => void>();
  const publish = (event: CoreEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const { services, storage, pool, studyThreads } = openServices(config, publish);
  const transfers = new Transfers(services.files, config.dataFolder);
  const ports = config.host === "loopback" ? { ...config, ...browserPorts(transfers) } : config;
  const handlers = createHandlers(services, ports);
  const log = (error: unknown): void => config.log(error);
  // A command opens no library unless its method needs one; a page will need it at once.
  if (config.host !== "cli") storage.open();
  const maintenance = new Maintenance(storage, publish);
  return {
    call: (method, params, caller) => dispatch(handlers, method, params, caller, log),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    publish,
    offerPath: (path) => offerPath(services, path),
    recentFiles: services.recent,
    flushPages: (limitMs, graceMs) => services.flush.ask(limitMs, graceMs),
    files: services.files,
    transfers,
    errorOf: (error) => contractErrorOf(error, log),
    async close() {
      services.jobs.cancelAll();
      services.files.clear();
      transfers.clear();
      await maintenance.close();
      await Promise.all([pool.close(), studyThreads.close(), storage.close()]);
      listeners.clear();
    },
  };
}
