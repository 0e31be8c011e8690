/** The keyboard's place: where what had the focus goes away (a panel that is closed, a row that is removed, a view that is left), the focus goes to what stands nearest, never to nowhere. */

/** What can be reached with the Tab key. */
const reachable =
  "a[href], button:not([disabled]), input:not([disabled]), textarea:not([disabled]), [tabindex='0']";

/** How many places are remembered. */
const remembered = 12;

interface Place {
  readonly element: HTMLElement;
  /** From its parent outwards, as they stood when it got the focus. */
  readonly around: readonly HTMLElement[];
}

function placeOf(element: HTMLElement): Place {
  const around: HTMLElement[] = [];
  for (let each = element.parentElement; each !== null; each = each.parentElement) {
    around.push(each);
  }
  return { element, around };
}

function isThere(element: HTMLElement): boolean {
  return element.isConnected && element.getClientRects().length > 0;
}

/** The element that takes the place of a lost one: the one before it in the same view, else the first in what still stands around it, else the sheet. */
export function successorOf(lost: Place, before: readonly HTMLElement[]): HTMLElement | undefined {
  const region = lost.around.find((each) => each.matches("main, aside, nav, [role=dialog]"));
  const sheet = document.querySelector<HTMLElement>("main");
  if (region === undefined || !isThere(region)) return sheet ?? undefined;
  const earlier = before.find((each) => isThere(each) && region.contains(each));
  if (earlier !== undefined) return earlier;
  for (const each of lost.around) {
    if (!isThere(each)) continue;
    const found = [...each.querySelectorAll<HTMLElement>(reachable)].find(isThere);
    if (found !== undefined) return found;
    if (each === region) break;
  }
  return sheet ?? undefined;
}

/** Watches the page from now on. */
export function keepFocus(): void {
  let last: Place | undefined;
  let before: HTMLElement[] = [];
  document.addEventListener("focusin", ({ target }) => {
    if (!(target instanceof HTMLElement) || target === document.body) return;
    if (last !== undefined && last.element !== target) {
      before = [last.element, ...before.filter((each) => each !== last?.element)];
      before = before.slice(0, remembered);
    }
    last = placeOf(target);
  });
  const isLost = (): boolean =>
    document.activeElement === document.body && last !== undefined && !last.element.isConnected;
  const watcher = new MutationObserver(() => {
    if (!isLost()) return;
    // Dialogs and views that set the focus themselves do so first.
    setTimeout(() => {
      if (isLost()) successorOf(last!, before)?.focus({ preventScroll: true });
    }, 60);
  });
  watcher.observe(document.body, { childList: true, subtree: true });
}
