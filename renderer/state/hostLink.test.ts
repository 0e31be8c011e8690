import { describe, expect, it, vi } from "vitest";
import { commandSpecs } from "../../shared/contract/commands.ts";
import type { CoreEvent } from "../../shared/contract/events.ts";
import { CallFailed, type Client } from "../api/client.ts";
import { addCommands } from "./appCommands.ts";
import { App } from "./appState.ts";
import { linkHost } from "./hostLink.ts";

interface Call {
  readonly name: string;
  readonly params: unknown;
}

type Answers = Readonly<Record<string, (params: unknown) => unknown>>;

/** A page over a core that answers as told. */
function page(answers: Answers = {}) {
  const calls: Call[] = [];
  const listeners: ((event: CoreEvent) => void)[] = [];
  const all: Answers = { "host.setCommands": () => ({ hasMenu: true }), ...answers };
  const client: Client = {
    hasDialogs: true,
    call: async (name, params) => {
      calls.push({ name, params });
      return (all[name]?.(params) ?? {}) as never;
    },
    offerFiles: async () => [],
    on: (listener) => {
      listeners.push(listener);
      return () => {};
    },
  };
  const app = new App(client);
  addCommands(app);
  linkHost(app);
  const tell = (event: CoreEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const named = (name: string): unknown[] =>
    calls.filter((call) => call.name === name).map(({ params }) => params);
  return { app, tell, named };
}

describe("the page and its host", () => {
  it("the page has every command of the list, once, and tells the host how each stands", () => {
    const [told] = page().named("host.setCommands") as [{ commands: { id: string }[] }];
    expect(told.commands.map(({ id }) => id).sort()).toEqual(
      commandSpecs.map(({ id }) => id).sort(),
    );
    expect(told.commands).toContainEqual({
      ...{ id: "scenario.save", title: "Save a version", isEnabled: false },
    });
  });

  it("tells again when something changes, and not otherwise", async () => {
    const { app, named } = page();
    app.store.setState({ isPaletteOpen: true });
    app.store.setState({ isLoaded: true, storage: { state: { kind: "ready" } } as never });
    app.store.setState(({ settings }) => ({ settings: { ...settings, theme: "dark" } }));
    await vi.waitFor(() => expect(named("host.setCommands")).toHaveLength(2));
    const [, second] = named("host.setCommands") as { commands: unknown[] }[];
    expect(second!.commands).toContainEqual({
      ...{ id: "view.theme.dark", title: "Colours: dark", isEnabled: false },
    });
    expect(second!.commands).toContainEqual({
      ...{ id: "view.theme.light", title: "Colours: light", isEnabled: true },
    });
    app.store.setState({ isPaletteOpen: false });
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(named("host.setCommands")).toHaveLength(2);
  });

  it("writes unsaved work when asked, and says so", async () => {
    const { tell, named } = page();
    tell({ kind: "flush", flush: 3 });
    await vi.waitFor(() => expect(named("host.flushed")).toEqual([{ flush: 3 }]));
  });

  it("shows what the host has to say", () => {
    const { app, tell } = page();
    tell({ kind: "notice", tone: "warn", text: "The page was started again." });
    expect(app.store.getState().notices).toMatchObject([
      { tone: "warn", text: "The page was started again." },
    ]);
  });

  it("shows a scenario file and a trace before they enter the library", async () => {
    const { app, tell, named } = page({});
    tell({ kind: "openFile", token: "t1", name: "plan.crossover" });
    const view = () => app.store.getState().view;
    await vi.waitFor(() =>
      expect(view()).toMatchObject({ kind: "import", traces: [], scenarios: [{ token: "t1" }] }),
    );
    expect(named("scenario.import")).toEqual([]);
    tell({ kind: "openFile", token: "t2", name: "log.csv" });
    await vi.waitFor(() => expect(view()).toMatchObject({ traces: [{ token: "t2" }] }));
  });

  it("looks into a .json file to tell a scenario from a trace", async () => {
    const badInput = new CallFailed({ code: "badInput", message: "no scenario" });
    const { app, tell } = page({
      "scenario.preview": () => {
        throw badInput;
      },
    });
    tell({ kind: "openFile", token: "t", name: "rows.json" });
    await vi.waitFor(() =>
      expect(app.store.getState().view).toMatchObject({
        ...{ kind: "import", traces: [{ token: "t" }], scenarios: [] },
      }),
    );
    expect(app.store.getState().notices).toEqual([]);
  });
});
