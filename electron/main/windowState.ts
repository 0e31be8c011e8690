/** Where the window stood, and where it may stand now. */
import type { BrowserWindow, Rectangle } from "electron";
import type { Settings } from "../../shared/contract/settings.ts";

/** What is kept of a window. */
export type WindowState = NonNullable<Settings["window"]>;

/** As wide and high as a window is when nobody moved it, where the display has the room. */
const usual = { width: 1440, height: 900 };
/** So much of the window has to be seen, its top edge included, that a hand can move it. */
const seen = { width: 160, height: 40 };

function overlap(from: number, length: number, otherFrom: number, otherLength: number): number {
  return Math.min(from + length, otherFrom + otherLength) - Math.max(from, otherFrom);
}

function canBeMoved(window: Rectangle, area: Rectangle): boolean {
  const isTopSeen = window.y >= area.y - seen.height / 2;
  const width = overlap(window.x, window.width, area.x, area.width);
  const height = overlap(window.y, window.height, area.y, area.height);
  return isTopSeen && width >= seen.width && height >= seen.height;
}

/** The kept place where some display shows it; else the usual size, centred by the system on the first display. */
export function placeOf(
  kept: WindowState | null,
  workAreas: readonly Rectangle[],
): Partial<Rectangle> & Pick<Rectangle, "width" | "height"> {
  if (kept !== null && workAreas.some((area) => canBeMoved(kept, area))) {
    const { x, y, width, height } = kept;
    return { x, y, width, height };
  }
  const [first = { width: usual.width, height: usual.height }] = workAreas;
  return {
    width: Math.min(usual.width, first.width),
    height: Math.min(usual.height, first.height),
  };
}

const settleMs = 400;

/** Tells where the window stands, a moment after it was moved, and once more when asked before it closes. */
export function watchPlace(
  window: BrowserWindow,
  keep: (state: WindowState) => Promise<void>,
): () => Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = async (): Promise<void> => {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    if (window.isDestroyed()) return;
    await keep({ ...window.getNormalBounds(), isMaximized: window.isMaximized() });
  };
  const plan = (): void => {
    if (timer !== undefined) clearTimeout(timer);
    timer = setTimeout(() => void write(), settleMs);
  };
  window.on("resize", plan);
  window.on("move", plan);
  window.on("maximize", plan);
  window.on("unmaximize", plan);
  return write;
}
