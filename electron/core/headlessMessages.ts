/** What crosses between the desktop program and the thread that runs its command line. */
import type { MessagePort } from "node:worker_threads";

/** What the thread is started with. */
export interface HeadlessTask {
  readonly args: readonly string[];
  readonly port: MessagePort;
  /** One number over shared memory, counted up with each message: the program waits on it, since its event loop has not begun. */
  readonly signal: Int32Array;
  /** Whether messages go to a person's terminal. */
  readonly isTerminal: boolean;
}

/** What the thread says. */
export type HeadlessMessage =
  | { readonly kind: "started" }
  | { readonly kind: "stdout" | "stderr"; readonly text: string }
  | { readonly kind: "exit"; readonly code: number };
