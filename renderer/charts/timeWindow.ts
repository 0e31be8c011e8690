/** The stretch of time that linked charts show, and the cursor that they share. */
import { createStore, type StoreApi } from "zustand/vanilla";

/** A stretch of a run, seconds. */
export interface TimeWindow {
  readonly fromS: number;
  readonly toS: number;
}

/** A window of at least `leastS` within 0..spanS: moved rather than cut where it lies outside. */
export function clampWindow({ fromS, toS }: TimeWindow, spanS: number, leastS: number): TimeWindow {
  const width = Math.min(spanS, Math.max(leastS, toS - fromS));
  const from = Math.max(0, Math.min(spanS - width, fromS));
  return { fromS: from, toS: from + width };
}

/** A window `factor` times as wide; `aboutS` stays at its place. */
export function zoomWindow({ fromS, toS }: TimeWindow, factor: number, aboutS: number): TimeWindow {
  return {
    fromS: aboutS - (aboutS - fromS) * factor,
    toS: aboutS + (toS - aboutS) * factor,
  };
}

/** What linked charts share. */
export interface TimeLinkState extends TimeWindow {
  /** Where the pointer or the keyboard is in one of them. */
  readonly cursorS: number | undefined;
}

/** The shared time axis of several charts of one run. */
export class TimeLink {
  readonly spanS: number;
  readonly store: StoreApi<TimeLinkState>;
  private readonly leastS: number;

  /** A run of spanS seconds; charts never zoom closer than leastS. */
  constructor(spanS: number, leastS: number) {
    this.spanS = spanS;
    this.leastS = Math.min(spanS, leastS);
    this.store = createStore<TimeLinkState>(() => ({ fromS: 0, toS: spanS, cursorS: undefined }));
  }

  show(window: TimeWindow): void {
    this.store.setState(clampWindow(window, this.spanS, this.leastS));
  }

  panBy(seconds: number): void {
    const { fromS, toS } = this.store.getState();
    this.show({ fromS: fromS + seconds, toS: toS + seconds });
  }

  zoomBy(factor: number, aboutS: number): void {
    const window = zoomWindow(this.store.getState(), factor, aboutS);
    if (window.toS - window.fromS < this.leastS) {
      const half = this.leastS / 2;
      this.show({ fromS: aboutS - half, toS: aboutS + half });
    } else this.show(window);
  }

  reset(): void {
    this.show({ fromS: 0, toS: this.spanS });
  }

  point(cursorS: number | undefined): void {
    this.store.setState({ cursorS });
  }

  /** Whether the whole run is shown. */
  isWhole(): boolean {
    const { fromS, toS } = this.store.getState();
    return fromS <= 0 && toS >= this.spanS;
  }
}
