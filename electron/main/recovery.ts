/** What happens when the page ends unexpectedly or stops answering: it is started again, and the person is told. */
import { type BrowserWindow, dialog } from "electron";
import type { CoreEvent } from "../../shared/contract/events.ts";

/** So many ends within the time, and the person is asked before the page is started once more. */
const maxEnds = 3;
const withinMs = 60_000;

/** Counts ends of the page; whether there were too many of late. */
export class EndCounter {
  private readonly now: () => number;
  private ends: number[] = [];

  constructor(now: () => number) {
    this.now = now;
  }

  /** One more end; true when it is one of too many. */
  add(): boolean {
    const nowMs = this.now();
    this.ends = [...this.ends.filter((endMs) => nowMs - endMs < withinMs), nowMs];
    return this.ends.length >= maxEnds;
  }
}

function notice(reason: string): CoreEvent {
  const text = `The window's page ended unexpectedly (${reason}) and was started again. Unsaved work was kept; what was typed in the last second may be missing.`;
  return { kind: "notice", tone: "warn", text };
}

async function askToGoOn(window: BrowserWindow, reason: string): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: "error",
    message: "Crossover's window keeps ending unexpectedly.",
    detail: `The system says: ${reason}. Your scenarios, traces and runs are in the library, unsaved work too.`,
    buttons: ["Start the page again", "Quit"],
    defaultId: 0,
    cancelId: 1,
  });
  return response === 0;
}

/** Starts the page again when it ends unexpectedly; `tell` reaches the new page, `quit` ends the program. */
export function recoverFromEnds(
  window: BrowserWindow,
  tell: (event: CoreEvent) => void,
  quit: () => void,
): void {
  const ends = new EndCounter(() => Date.now());
  window.webContents.on("render-process-gone", (_event, { reason }) => {
    if (reason === "clean-exit") return;
    const again = (): void => {
      if (window.isDestroyed()) return;
      tell(notice(reason));
      window.webContents.reload();
    };
    if (!ends.add()) return again();
    void askToGoOn(window, reason).then((isWanted) => (isWanted ? again() : quit()));
  });
}

/** Asks the person what to do with a page that does not answer; the question goes away when it does again. */
export function recoverFromSilence(window: BrowserWindow): void {
  let question: AbortController | undefined;
  window.on("unresponsive", () => {
    if (question !== undefined) return;
    const asked = new AbortController();
    question = asked;
    const options = {
      type: "warning" as const,
      message: "Crossover's window does not answer.",
      detail: "Starting the page again keeps unsaved work up to the last second.",
      buttons: ["Wait", "Start the page again"],
      defaultId: 0,
      cancelId: 0,
      signal: asked.signal,
    };
    void dialog.showMessageBox(window, options).then(({ response }) => {
      question = undefined;
      // The end of the page is then heard as any other.
      if (response === 1 && !window.isDestroyed()) window.webContents.forcefullyCrashRenderer();
    });
  });
  window.on("responsive", () => {
    question?.abort();
    question = undefined;
  });
}
