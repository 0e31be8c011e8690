/** One open scenario: the document being edited, its undo steps, what is saved of it, and its live answer. */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { ScenarioDocument } from "../../shared/contract/common.ts";
import type { OpenedScenario } from "../../shared/contract/scenarioMethods.ts";
import { CallFailed, type Client } from "../api/client.ts";
import { edit, type History, redo, seal, startHistory, undo } from "./history.ts";

/** How the document stands against the library. */
export type SaveState = "saved" | "unsaved" | "saving" | "failed" | "conflict";

export interface DocumentState {
  readonly id: string;
  /** Version on which a save builds. */
  readonly baseVersion: number;
  readonly history: History<ScenarioDocument>;
  /** The document as saved in that version. */
  readonly saved: ScenarioDocument;
  readonly saveState: SaveState;
  /** Why the last save or autosave failed; undefined when it did not. */
  readonly problem: string | undefined;
  /** Whether it was opened with unsaved work of an earlier session. */
  readonly isRestored: boolean;
}

const autosaveDelayMs = 600;

/** An open scenario. Edits are kept as unsaved work within a second, whatever happens after. */
export class OpenDocument {
  readonly store: StoreApi<DocumentState>;
  private readonly client: Client;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private pending: Promise<void> = Promise.resolve();

  constructor(client: Client, opened: OpenedScenario) {
    this.client = client;
    const document = opened.draft?.document ?? opened.document;
    this.store = createStore<DocumentState>(() => ({
      id: opened.id,
      baseVersion: opened.version,
      history: startHistory(document),
      saved: opened.document,
      saveState: opened.draft === null ? "saved" : "unsaved",
      problem: undefined,
      isRestored: opened.draft !== null,
    }));
  }

  get document(): ScenarioDocument {
    return this.store.getState().history.value;
  }

  /** Changes the document in one named, undoable step. Steps with the same key join until seal(). */
  edit(name: string, recipe: (draft: ScenarioDocument) => void, key?: string): void {
    this.move((history) => edit(history, name, recipe, key));
  }

  seal(): void {
    this.store.setState(({ history }) => ({ history: seal(history) }));
  }

  undo(): void {
    this.move(undo);
  }

  redo(): void {
    this.move(redo);
  }

  /** A new version in the library. */
  async save(label?: string): Promise<void> {
    await this.flush();
    const { id, baseVersion, history } = this.store.getState();
    this.store.setState({ saveState: "saving", problem: undefined });
    try {
      const document = history.value;
      const params = { id, baseVersion, document, ...(label !== undefined && { label }) };
      const { version } = await this.client.call("scenario.save", params);
      const isSame = this.document === document;
      this.store.setState({
        ...{ baseVersion: version, saved: document, isRestored: false },
        saveState: isSame ? "saved" : "unsaved",
      });
      if (!isSame) this.planAutosave();
    } catch (error) {
      const isConflict = error instanceof CallFailed && error.error.code === "conflict";
      this.fail(error, isConflict ? "conflict" : "failed");
    }
  }

  /** Back to the saved version; one undoable step. */
  async revert(): Promise<void> {
    const { saved } = this.store.getState();
    this.edit("revert to the saved version", (draft) => {
      for (const key of Object.keys(draft)) delete draft[key];
      Object.assign(draft, saved);
    });
    await this.flush();
  }

  /** Writes unsaved work now, e.g. before the window closes; also what could not be written before. */
  async flush(): Promise<void> {
    if (this.timer !== undefined || this.store.getState().saveState === "failed") {
      clearTimeout(this.timer);
      this.timer = undefined;
      this.pending = this.pending.then(() => this.autosave());
    }
    await this.pending;
  }

  private move(step: (history: History<ScenarioDocument>) => History<ScenarioDocument>): void {
    const { history } = this.store.getState();
    const next = step(history);
    if (next === history) return;
    this.store.setState({ history: next, saveState: "unsaved" });
    this.planAutosave();
  }

  private planAutosave(): void {
    if (this.timer !== undefined) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.pending = this.pending.then(() => this.autosave());
    }, autosaveDelayMs);
  }

  private async autosave(): Promise<void> {
    const { id, baseVersion, history, saved } = this.store.getState();
    const document = history.value;
    try {
      if (document === saved) await this.client.call("scenario.dropDraft", { id });
      else await this.client.call("scenario.saveDraft", { id, baseVersion, document });
      const saveState = document === saved ? "saved" : "unsaved";
      if (this.document === document) this.store.setState({ saveState, problem: undefined });
    } catch (error) {
      this.fail(error, "failed");
    }
  }

  private fail(error: unknown, saveState: SaveState): void {
    const problem = error instanceof Error ? error.message : String(error);
    this.store.setState({ saveState, problem });
  }
}
