/** Whether a message comes from the main frame of a window that we made, showing our own page. */

/** The page's origin. */
export const pageOrigin = "app://crossover";

/** The parts of an IPC event that matter here. */
export interface SenderEvent {
  readonly senderFrame: { readonly url: string } | null;
  readonly sender: { readonly id: number; readonly mainFrame: unknown };
}

/** Whether a URL is of our page: scheme and host equal, by the URL parser. */
export function isOwnUrl(url: string): boolean {
  try {
    const { protocol, host } = new URL(url);
    return `${protocol}//${host}` === pageOrigin;
  } catch {
    return false;
  }
}

/** No exception for about:blank, subframes, or windows that we did not open. */
export function isOwnSender(event: SenderEvent, isOwnWindow: (id: number) => boolean): boolean {
  const { senderFrame, sender } = event;
  if (senderFrame === null || senderFrame !== sender.mainFrame) return false;
  return isOwnUrl(senderFrame.url) && isOwnWindow(sender.id);
}
