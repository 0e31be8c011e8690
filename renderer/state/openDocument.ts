/** One open scenario: the document being edited, its undo steps, what is saved of it, and its live answer. */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { ScenarioDocument } from "../../shared/contract/common.ts";
import type { OpenedScenario } from "../../shared/contract/scenarioMethods.ts";
import { CallFailed, type Client } from "../api/client.ts";
import { edit, type History, redo, seal, startHistory, undo } from "./history.ts";

/** How the document stands against the library. "conflict": another window changed it too, and nothing is written until the person has chosen. */
export type SaveState = "saved" | "unsaved" | "saving" | "failed" | "conflict";

export interface DocumentState {
  readonly id: string;
  /** Version on which a save builds. */
  readonly baseVersion: number;
  readonly history: History<ScenarioDocument>;
  /** The document as saved in that version. */
  readonly saved: ScenarioDocument;
  readonly saveState: SaveState;
  /** The document as the library is known to have it, as a version or as unsaved work. */
  readonly kept: ScenarioDocument;
  /** Why the last save or autosave failed; undefined when it did not. */
  readonly problem: string | undefined;
  /** Whether it was opened with unsaved work of an earlier session. */
  readonly isRestored: boolean;
}

/** After the last of a row of edits. */
const autosaveDelayMs = 600;
/** After the first of a row, however long it goes on: a drag, a text being typed. */
const autosaveLimitMs = 1000;

/** Whether two parts of documents, which are JSON, say the same. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Makes one document say what another does, part by part: equal parts stay as they are. */
function become(mine: ScenarioDocument, other: ScenarioDocument): void {
  for (const key of Object.keys({ ...mine, ...other })) {
    if (!(key in other)) delete mine[key];
    else if (!isSame(mine[key], other[key])) mine[key] = other[key];
  }
}

/** An open scenario. Edits are kept as unsaved work within a second, whatever happens after. */
export class OpenDocument {
  readonly store: StoreApi<DocumentState>;
  private readonly client: Client;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** When the first edit was made that is not written yet, in milliseconds of performance.now(). */
  private editedMs: number | undefined;
  /** Everything that is asked of the library goes one after the other: each builds on what the one before left. */
  private pending: Promise<void> = Promise.resolve();
  /** Of the unsaved work in the library on which the next is to follow; null for none. */
  private revision: string | null;

  constructor(client: Client, opened: OpenedScenario) {
    this.client = client;
    this.revision = opened.draft?.revision ?? null;
    const document = opened.draft?.document ?? opened.document;
    this.store = createStore<DocumentState>(() => ({
      id: opened.id,
      baseVersion: opened.version,
      history: startHistory(document),
      saved: opened.document,
      saveState: opened.draft === null ? "saved" : "unsaved",
      problem: undefined,
      kept: document,
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
    this.move((history) => this.homed(undo(history)));
  }

  redo(): void {
    this.move((history) => this.homed(redo(history)));
  }

  /** A new version in the library. */
  async save(label?: string): Promise<void> {
    await this.flush();
    await this.enqueue(() => this.saveNow(label));
  }

  /** What a saved version said, as one undoable step; the versions since stay. */
  async goBack(version: number): Promise<void> {
    const { id } = this.store.getState();
    const { document } = await this.client.call("scenario.open", { id, version });
    this.edit(`go back to version ${version}`, (mine) => become(mine, document));
  }

  /**
   * The library has other work on this scenario, or the same: what another window did is taken over as an undoable step, unless
   * there is work here that the library does not have. `revision`: of the unsaved work, where it is known.
   */
  async follow(revision?: string | null): Promise<void> {
    await this.enqueue(async () => {
      if (!this.isSettled() || revision === this.revision) return;
      const opened = await this.read();
      if (this.isSettled()) this.takeOver(opened);
    }).catch(() => undefined);
  }

  /** Ends a conflict with what the other window has; one undoable step. */
  async takeTheirs(): Promise<void> {
    await this.enqueue(async () => this.takeOver(await this.read()));
  }

  /** Ends a conflict with what this window has; the other's saved versions stay. */
  async keepMine(): Promise<void> {
    await this.enqueue(async () => {
      const { version, document, draft } = await this.read();
      this.revision = draft?.revision ?? null;
      const base = { baseVersion: version, saved: document };
      this.store.setState({ ...base, saveState: "unsaved", problem: undefined });
      await this.autosave();
    });
  }

  /** Whether the document differs from what is saved of it. */
  differs(): boolean {
    const { history, saved } = this.store.getState();
    return history.value !== saved;
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
      this.dropTimer();
      await this.enqueue(() => this.autosave());
    }
    await this.pending;
  }

  /** Whether there is work here that the library does not take now: it would be lost with the page. */
  get isStuck(): boolean {
    const { saveState } = this.store.getState();
    return saveState === "failed" || saveState === "conflict";
  }

  /** Steps that lead back to what is saved lead to the saved version itself: nothing is unsaved then. */
  private homed(history: History<ScenarioDocument>): History<ScenarioDocument> {
    const { history: before, saved } = this.store.getState();
    const isHome = history !== before && isSame(history.value, saved);
    return isHome ? { ...history, value: saved } : history;
  }

  private enqueue(work: () => Promise<void>): Promise<void> {
    const done = this.pending.then(work);
    this.pending = done.catch(() => undefined);
    return done;
  }

  private read(): Promise<OpenedScenario> {
    return this.client.call("scenario.open", { id: this.store.getState().id });
  }

  /** Whether the library has all that is here. */
  private isSettled(): boolean {
    const { saveState } = this.store.getState();
    return this.timer === undefined && (saveState === "saved" || saveState === "unsaved");
  }

  private takeOver({ version, document, draft }: OpenedScenario): void {
    const { baseVersion, history, saveState } = this.store.getState();
    const revision = draft?.revision ?? null;
    const isKnown = version === baseVersion && revision === this.revision;
    if (isKnown && saveState !== "conflict") return;
    const theirs = draft?.document ?? document;
    const next = edit(history, "take over what another window changed", (mine) => {
      become(mine, theirs);
    });
    this.revision = revision;
    this.store.setState({
      ...{ baseVersion: version, history: next, problem: undefined, isRestored: false },
      kept: next.value,
      saved: draft === null ? next.value : document,
      saveState: draft === null ? "saved" : "unsaved",
    });
  }

  private move(step: (history: History<ScenarioDocument>) => History<ScenarioDocument>): void {
    const { history, saveState } = this.store.getState();
    const next = step(history);
    if (next === history) return;
    const isInConflict = saveState === "conflict";
    this.store.setState({ history: next, saveState: isInConflict ? "conflict" : "unsaved" });
    if (!isInConflict) this.planAutosave();
  }

  private planAutosave(): void {
    const nowMs = performance.now();
    const editedMs = this.editedMs ?? nowMs;
    this.dropTimer();
    this.editedMs = editedMs;
    const delayMs = Math.min(autosaveDelayMs, Math.max(0, editedMs + autosaveLimitMs - nowMs));
    this.timer = setTimeout(() => {
      this.dropTimer();
      void this.enqueue(() => this.autosave());
    }, delayMs);
  }

  private dropTimer(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.editedMs = undefined;
  }

  private async saveNow(label: string | undefined): Promise<void> {
    const { id, baseVersion, history, saveState } = this.store.getState();
    if (saveState === "conflict") return;
    this.store.setState({ saveState: "saving", problem: undefined });
    try {
      const document = history.value;
      const params = { id, baseVersion, document, over: this.revision };
      const named = { ...params, ...(label !== undefined && { label }) };
      const { version } = await this.client.call("scenario.save", named);
      this.revision = null;
      const isSame = this.document === document;
      this.store.setState({
        ...{ baseVersion: version, saved: document, kept: document, isRestored: false },
        saveState: isSame ? "saved" : "unsaved",
      });
      if (!isSame) this.planAutosave();
    } catch (error) {
      this.fail(error);
    }
  }

  private async autosave(): Promise<void> {
    const { id, baseVersion, history, saved, saveState } = this.store.getState();
    if (saveState === "conflict") return;
    const document = history.value;
    const work = { id, over: this.revision };
    try {
      if (document === saved) {
        await this.client.call("scenario.dropDraft", work);
        this.revision = null;
      } else {
        const kept = { ...work, baseVersion, document };
        this.revision = (await this.client.call("scenario.saveDraft", kept)).revision;
      }
      const state = document === saved ? "saved" : "unsaved";
      this.store.setState({ kept: document });
      if (this.document === document) this.store.setState({ saveState: state, problem: undefined });
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    const isConflict = error instanceof CallFailed && error.error.code === "conflict";
    if (isConflict) this.dropTimer();
    const problem = error instanceof Error ? error.message : String(error);
    this.store.setState({ saveState: isConflict ? "conflict" : "failed", problem });
  }
}
