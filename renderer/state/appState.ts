/** The state of the window: what the library holds, what is open, what is in front. One object wires the stores to the client. */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { AppInfo } from "../../shared/contract/appMethods.ts";
import type { CoreEvent } from "../../shared/contract/events.ts";
import type { ChosenFile, StorageStatusReply } from "../../shared/contract/hostMethods.ts";
import type { ScenarioEntry } from "../../shared/contract/scenarioMethods.ts";
import {
  defaultSettings,
  type Settings,
  type SettingsPatch,
} from "../../shared/contract/settings.ts";
import type { TraceEntry } from "../../shared/contract/traceMethods.ts";
import type { Client } from "../api/client.ts";
import { CatalogShelf } from "./catalogShelf.ts";
import { CommandRegistry } from "./commands.ts";
import { DocumentCheck } from "./documentCheck.ts";
import { Explained } from "./explained.ts";
import { LiveRun } from "./liveRun.ts";
import { OpenDocument } from "./openDocument.ts";
import { StudyRuns } from "./studyRuns.ts";

/** What the sheet shows. */
export type View =
  | { readonly kind: "start" }
  | { readonly kind: "scenario"; readonly id: string; readonly part: ScenarioPart }
  | { readonly kind: "trace"; readonly id: string }
  /** Ids of scenarios, the baseline among them. */
  | { readonly kind: "compare"; readonly ids: readonly string[] }
  | { readonly kind: "present"; readonly id: string; readonly page: number }
  | { readonly kind: "print"; readonly id: string }
  | { readonly kind: "exportFiles" }
  /** Where the work lies, and its backups. */
  | { readonly kind: "library" }
  | {
      readonly kind: "import";
      readonly traces: readonly ChosenFile[];
      readonly scenarios: readonly ChosenFile[];
    };

/** Parts of a scenario, in the order of the outline. */
export const scenarioParts = [
  "traffic",
  "fleet",
  "providers",
  "routing",
  "targets",
  "results",
] as const;
export type ScenarioPart = (typeof scenarioParts)[number];

/** A message that stays until it is read: what happened, and what can be done. */
export interface Notice {
  readonly id: number;
  readonly tone: "info" | "warn" | "bad";
  readonly text: string;
  /** What can be done about it, in a word or two. */
  readonly action?: { readonly label: string; run(): void };
}

export interface WindowState {
  readonly info: AppInfo | undefined;
  readonly settings: Settings;
  readonly storage: StorageStatusReply | undefined;
  readonly scenarios: readonly ScenarioEntry[];
  readonly traces: readonly TraceEntry[];
  readonly view: View;
  /** Ids of the scenarios that were compared last, for the command and for what is presented. */
  readonly lastCompared: readonly string[];
  readonly isPaletteOpen: boolean;
  /** Whether the library lies over the sheet; matters in narrow windows only, where it has no column of its own. */
  readonly isLibraryOpen: boolean;
  readonly notices: readonly Notice[];
  /** Whether the library has been read. */
  readonly isLoaded: boolean;
}

/** An open scenario with its live answer. */
export interface OpenScenario {
  readonly document: OpenDocument;
  readonly live: LiveRun;
  readonly check: DocumentCheck;
  readonly studies: StudyRuns;
  readonly explained: Explained;
}

let lastNotice = 0;

/** Everything that views read and call. */
export class App {
  readonly client: Client;
  readonly commands = new CommandRegistry();
  readonly shelf: CatalogShelf;
  readonly store: StoreApi<WindowState>;
  private readonly open = new Map<string, OpenScenario>();

  constructor(client: Client) {
    this.client = client;
    this.shelf = new CatalogShelf(client);
    this.store = createStore<WindowState>(() => ({
      info: undefined,
      settings: defaultSettings,
      storage: undefined,
      scenarios: [],
      traces: [],
      view: { kind: "start" },
      lastCompared: [],
      isPaletteOpen: false,
      isLibraryOpen: false,
      notices: [],
      isLoaded: false,
    }));
    client.on((event) => this.hear(event));
  }

  /** Reads the library; puts the sample into a library that never had it, and opens what was open. */
  async start(): Promise<void> {
    const [info, storage] = await Promise.all([
      this.client.call("app.info", {}),
      this.client.call("storage.status", {}),
    ]);
    this.store.setState({ info, storage });
    if (storage.state.kind !== "ready" && storage.state.kind !== "recovered") return;
    const settings = await this.client.call("settings.get", {});
    this.store.setState({ settings });
    if (!settings.hasSample) await this.addSample();
    await Promise.all([this.readScenarios(), this.readTraces()]);
    this.store.setState({ isLoaded: true });
    const [front] = this.store.getState().settings.openScenarios;
    const known = this.store.getState().scenarios.find(({ id }) => id === front);
    const first = known ?? this.store.getState().scenarios[0];
    if (first !== undefined) await this.show(first.id, "results");
  }

  /** Opens a scenario and brings a part of it to the front. */
  async show(id: string, part: ScenarioPart): Promise<void> {
    if (!this.open.has(id)) await this.load(id);
    this.go({ kind: "scenario", id, part });
    const openScenarios = [id, ...[...this.open.keys()].filter((each) => each !== id)].slice(0, 16);
    void this.set({ openScenarios });
  }

  /** An open scenario; undefined for one that is not. */
  scenario(id: string): OpenScenario | undefined {
    return this.open.get(id);
  }

  /** The scenario in front; undefined where something else is. */
  front(): OpenScenario | undefined {
    const { view } = this.store.getState();
    return view.kind === "scenario" ? this.open.get(view.id) : undefined;
  }

  go(view: View): void {
    const compared = view.kind === "compare" && { lastCompared: view.ids };
    this.store.setState({ view, isLibraryOpen: false, ...compared });
  }

  async set(patch: SettingsPatch): Promise<void> {
    await this.try(async () => {
      this.store.setState({ settings: await this.client.call("settings.set", patch) });
    });
  }

  notify(tone: Notice["tone"], text: string, action?: Notice["action"]): void {
    // What happens again and again is said once.
    if (this.store.getState().notices.some((known) => known.text === text)) return;
    const notice = { id: ++lastNotice, tone, text, ...(action && { action }) };
    this.store.setState(({ notices }) => ({ notices: [...notices, notice] }));
  }

  /** Whether the library is open and has been read: without it commands have nothing to work on. */
  hasLibrary(): boolean {
    const { storage, isLoaded } = this.store.getState();
    const kind = storage?.state.kind;
    return isLoaded && (kind === "ready" || kind === "recovered");
  }

  dismiss(id: number): void {
    this.store.setState(({ notices }) => ({ notices: notices.filter((each) => each.id !== id) }));
  }

  /** Does something and shows its error, if any, as a notice. */
  async try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.notify("bad", error instanceof Error ? error.message : String(error));
    }
  }

  async readScenarios(): Promise<void> {
    const { scenarios } = await this.client.call("scenario.list", {});
    this.store.setState({ scenarios });
  }

  async readTraces(): Promise<void> {
    const { traces } = await this.client.call("trace.list", {});
    this.store.setState({ traces });
  }

  private async readSettings(): Promise<void> {
    const settings = await this.client.call("settings.get", {});
    this.store.setState({ settings });
  }

  /** Whether an open scenario has work that would be lost with the page. */
  get isStuck(): boolean {
    return [...this.open.values()].some(({ document }) => document.isStuck);
  }

  /** Goes on with a backup of the library; the work of this window is written first, into what is kept. */
  async goBack(backup: string, date: string): Promise<void> {
    await this.flush();
    const storage = await this.client.call("storage.restore", { backup });
    this.store.setState({ storage });
    if (!this.store.getState().isLoaded) await this.start();
    this.notify(
      "info",
      `The library of ${date} is in use. What was there before is the newest backup, or in the quarantine folder where it could not be read.`,
    );
  }

  /** Ends a scenario's conflict with another window: this window's work becomes a scenario of its own, in front. */
  async splitConflict(id: string): Promise<void> {
    const scenario = this.open.get(id);
    if (scenario === undefined) return;
    const { document } = scenario.document;
    const name = `${String(document.name ?? "")} (copy)`.slice(0, 200);
    const copy = await this.client.call("scenario.create", { document, name });
    await scenario.document.takeTheirs();
    await this.readScenarios();
    await this.show(copy.id, "results");
  }

  /** Writes all unsaved work now. */
  async flush(): Promise<void> {
    await Promise.all([...this.open.values()].map(({ document }) => document.flush()));
  }

  private async addSample(): Promise<void> {
    await this.client.call("scenario.createSample", {});
    await this.client.call("settings.set", { hasSample: true });
  }

  private async load(id: string): Promise<void> {
    const document = new OpenDocument(this.client, await this.client.call("scenario.open", { id }));
    const live = new LiveRun(this.client, id);
    const check = new DocumentCheck(this.client, document);
    const studies = new StudyRuns(this.client, id);
    const explained = new Explained();
    this.open.set(id, { document, live, check, studies, explained });
    let last = document.document;
    document.store.subscribe(({ history }) => {
      if (history.value === last) return;
      last = history.value;
      void live.run(last, false);
    });
    void live.run(last, true);
  }

  /** Another window may have changed it, or this one. */
  private hearChange({ of, id, revision }: Extract<CoreEvent, { kind: "libraryChanged" }>): void {
    if (!this.store.getState().isLoaded) return;
    if (of === "scenarios" || of === "runs") void this.try(() => this.readScenarios());
    if (of === "traces") void this.try(() => this.readTraces());
    if (of === "settings") void this.try(() => this.readSettings());
    const isWork = of === "scenarios" || of === "drafts";
    if (!isWork) return;
    for (const [each, { document }] of this.open) {
      if (id === undefined || id === each) void document.follow(revision);
    }
  }

  private hear(event: CoreEvent): void {
    if (event.kind === "progress") {
      for (const { live } of this.open.values()) live.hear(event);
    } else if (event.kind === "command") this.commands.run(event.id);
    else if (event.kind === "libraryChanged") this.hearChange(event);
    else if (event.kind === "storageChanged") {
      void this.try(async () => {
        this.store.setState({ storage: await this.client.call("storage.status", {}) });
      });
    }
  }
}
