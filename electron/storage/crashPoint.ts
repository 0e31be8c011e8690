/** Named points at which a reliability test can end the process, as a power cut would. */

/** Ends the process at once when the environment names this point: CROSSOVER_CRASH_AT. */
export function crashPoint(name: string): void {
  if (process.env.CROSSOVER_CRASH_AT === name) process.kill(process.pid, "SIGKILL");
}
