/**
 * What the loopback host tells its pages. Browsers open six connections to a host for all its pages together, and an open stream is
 * one: of several pages one holds the stream and passes on what it hears; when it goes, the next one takes over.
 */

/** What is told, as it crosses between pages. */
export interface HostMessage {
  readonly kind: /** An event of core, in wire form. */
    | "event"
    /** The reply of a long call has come; the text is its name. */
    | "replied"
    /** The stream was opened again: what was told meanwhile is missing. */
    | "again"
    /** The host does not answer. */
    | "lost";
  readonly text: string;
}

const name = "crossover-events";
/** A host that is busy, or a machine that wakes up, may need a moment. */
const lostAfterMs = 3000;

type Tell = (message: HostMessage) => void;

/** Holds the stream until the page goes. `isLater`: another page, or nobody, held it before. */
function holdStream(tell: Tell, isLater: boolean): void {
  const source = new EventSource("/events");
  let wasOpen = isLater;
  let lostTimer: ReturnType<typeof setTimeout> | undefined;
  source.onmessage = ({ data }: MessageEvent<string>) => tell({ kind: "event", text: data });
  source.addEventListener("replied", ({ data }: MessageEvent<string>) =>
    tell({ kind: "replied", text: data }),
  );
  source.onopen = () => {
    clearTimeout(lostTimer);
    lostTimer = undefined;
    if (wasOpen) tell({ kind: "again", text: "" });
    wasOpen = true;
  };
  source.onerror = () => {
    lostTimer ??= setTimeout(() => tell({ kind: "lost", text: "" }), lostAfterMs);
  };
}

/** Hears the host as long as the page is there. */
export function hearHost(hear: Tell): void {
  const { locks } = navigator as { readonly locks?: LockManager };
  if (locks === undefined) holdStream(hear, false);
  else shareStream(locks, hear);
}

function shareStream(locks: LockManager, hear: Tell): void {
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }: MessageEvent<HostMessage>) => hear(data);
  const tell: Tell = (message) => {
    hear(message);
    channel.postMessage(message);
  };
  const hold = (isLater: boolean): Promise<never> => {
    holdStream(tell, isLater);
    return new Promise(() => {});
  };
  void locks.request(name, { ifAvailable: true }, (lock) => {
    if (lock !== null) return hold(false);
    void locks.request(name, () => hold(true));
    return undefined;
  });
}
