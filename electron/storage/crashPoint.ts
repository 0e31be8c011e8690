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
  /** A chosen backup lies ready, and the database that it replaces is still in its place, or put aside. */
  | "replace"
  /** The damaged file is put aside, and none is in its place. */
  | "quarantine"
  /** A trace is read, and nothing of it is kept yet. */
  | "import"
  /** The file is written beside its place and not yet moved there. */
  | "export";

const passed = new Map<CrashPoint, number>();

/** Ends the process at once where the environment says so: CROSSOVER_CRASH_AT is "NAME", or "NAME:N" for the N-th time that this thread comes by. */
export function crashPoint(name: CrashPoint): void {
  const [wanted, time = "1"] = (process.env.CROSSOVER_CRASH_AT ?? "").split(":");
  if (wanted !== name) return;
  const count = (passed.get(name) ?? 0) + 1;
  passed.set(name, count);
  if (count === Number(time)) process.kill(process.pid, "SIGKILL");
}
