/** Named points at which a reliability test can end the process, as a power cut would. */

/** The points there are: in the middle of what their names say. */
export type CrashPoint =
  /** A document, trace or result: its file is not begun. */
  | "blob"
  /** Its file is written, and nothing names it yet. */
  | "save"
  /** Inside a migration's transaction. */
  | "migration"
  /** The copy is written and not yet checked. */
  | "backup"
  /** A backup was copied and is not yet in its place. */
  | "restore"
  /** The damaged file is put aside, and none is in its place. */
  | "quarantine"
  /** A trace is read, and nothing of it is kept yet. */
  | "import"
  /** The file to write is not begun. */
  | "export";

/** Ends the process at once when the environment names this point: CROSSOVER_CRASH_AT. */
export function crashPoint(name: CrashPoint): void {
  if (process.env.CROSSOVER_CRASH_AT === name) process.kill(process.pid, "SIGKILL");
}
