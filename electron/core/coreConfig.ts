/** What core is told by its host. */
import type { AppInfo } from "../../shared/contract/appMethods.ts";
import type { CommandState } from "../../shared/contract/commands.ts";
import type { ChosenFile, PaperSize } from "../../shared/contract/hostMethods.ts";
import type { Caller } from "./dispatch.ts";

/** What files are chosen for. */
export type FilePurpose = "trace" | "scenario" | "prices" | "report";

/** What only a host can do: ask the person for files. */
export interface HostPorts {
  /** Files to read; none when the person cancels. */
  chooseFiles(purpose: FilePurpose, isMultiple: boolean, caller: Caller): Promise<ChosenFile[]>;
  /** Where to write; undefined when the person cancels. */
  chooseTarget(
    purpose: FilePurpose,
    suggestedName: string,
    caller: Caller,
  ): Promise<{ token: string; name: string } | undefined>;
  /** Where to write several files, in their order; undefined when the person cancels. */
  chooseTargets(
    purpose: FilePurpose,
    suggestedNames: readonly string[],
    caller: Caller,
  ): Promise<{ token: string; name: string }[] | undefined>;
}

/** What a host says of itself. */
export interface CoreConfig extends Partial<HostPorts> {
  readonly host: AppInfo["host"];
  readonly version: string;
  readonly isPackaged: boolean;
  /** Folder of the library: database, traces, results, backups. Made when missing. */
  readonly dataFolder: string;
  /** Path of the database's native binding, where it does not lie in its package; for tests of the unpackaged app. */
  readonly nativeBinding?: string;
  /** Threads for simulations; default one for each core. */
  readonly workers?: number;
  /** The page is ready and has these commands; for hosts with a menu. */
  readonly setCommands?: (commands: readonly CommandState[], caller: Caller) => void;
  /** Opens an allowed address in the person's browser; whether it did. */
  readonly openLink?: (url: string) => Promise<boolean>;
  /** The caller's page as a PDF file's bytes; for hosts that print by themselves. */
  readonly printPdf?: (paper: PaperSize, caller: Caller) => Promise<Uint8Array>;
  /** Fills the screen with the caller's window, or ends that; whether it was so before. For hosts with windows. */
  readonly setFullScreen?: (isFull: boolean, caller: Caller) => boolean;
  /** Errors of Crossover's own, for the log. */
  log(error: unknown): void;
}
