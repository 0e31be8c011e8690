/** Which figure of a scenario's answer is being taken apart, and the way that led there. */
import { createStore, type StoreApi } from "zustand/vanilla";

export interface ExplainedState {
  /** Paths of figures (shared/reports/explainFigure.ts), the one shown last; empty while none is. */
  readonly trail: readonly string[];
}

/** The figure taken apart; one for each open scenario. */
export class Explained {
  readonly store: StoreApi<ExplainedState> = createStore<ExplainedState>(() => ({ trail: [] }));

  /** Takes a figure apart, from wherever it stands. */
  show(figure: string): void {
    this.store.setState({ trail: [figure] });
  }

  /** Goes on to a figure that the one shown is made of; back to it where it is on the way already. */
  follow(figure: string): void {
    this.store.setState(({ trail }) => {
      const at = trail.indexOf(figure);
      return { trail: at >= 0 ? trail.slice(0, at + 1) : [...trail, figure] };
    });
  }

  back(): void {
    this.store.setState(({ trail }) => ({ trail: trail.slice(0, -1) }));
  }

  close(): void {
    this.store.setState({ trail: [] });
  }
}
