/** The app's commands. */
import { chooseFiles, fetchTarget } from "../api/chooseFiles.ts";
import type { App } from "./appState.ts";
import type { Command } from "./commands.ts";
import { stepNames } from "./history.ts";

const always = (): boolean => true;

function fileCommands(app: App): Command[] {
  const hasFront = (): boolean => app.front() !== undefined;
  return [
    {
      ...{ id: "trace.import", group: "File", shortcut: "Mod+I" },
      title: () => "Import a trace",
      isEnabled: always,
      run: () =>
        app.try(async () => {
          const [file] = await chooseFiles(app.client, "trace", false);
          if (file !== undefined) app.go({ kind: "importTrace", file });
        }),
    },
    {
      ...{ id: "scenario.import", group: "File", shortcut: "Mod+O" },
      title: () => "Open a scenario file",
      isEnabled: always,
      run: () =>
        app.try(async () => {
          for (const { token } of await chooseFiles(app.client, "scenario", true)) {
            const { id } = await app.client.call("scenario.import", { file: token });
            await app.readScenarios();
            await app.show(id, "results");
          }
        }),
    },
    {
      ...{ id: "scenario.save", group: "File", shortcut: "Mod+S" },
      title: () => "Save a version",
      isEnabled: hasFront,
      run: () => app.front()?.document.save(),
    },
    {
      ...{ id: "scenario.export", group: "File", shortcut: "Mod+Shift+S" },
      title: () => "Save as a file",
      isEnabled: hasFront,
      run: () => app.try(() => exportFront(app)),
    },
  ];
}

async function exportFront(app: App): Promise<void> {
  const front = app.front();
  if (front === undefined) return;
  await front.document.save();
  const { id, history } = front.document.store.getState();
  const suggestedName = `${String(history.value.name ?? "scenario")}.crossover`.slice(0, 200);
  const { target } = await app.client.call("files.chooseTarget", {
    purpose: "scenario",
    suggestedName,
  });
  if (target === null) return;
  await app.client.call("scenario.export", { id, target: target.token });
  fetchTarget(app.client, target.token);
  app.notify("info", `${target.name} is written.`);
}

function editCommands(app: App): Command[] {
  const names = (): { undo?: string; redo?: string } => {
    const front = app.front();
    return front === undefined ? {} : stepNames(front.document.store.getState().history);
  };
  return [
    {
      ...{ id: "edit.undo", group: "Edit", shortcut: "Mod+Z" },
      title: () => (names().undo === undefined ? "Undo" : `Undo ${names().undo}`),
      isEnabled: () => names().undo !== undefined,
      run: () => app.front()?.document.undo(),
    },
    {
      ...{ id: "edit.redo", group: "Edit", shortcut: "Mod+Shift+Z" },
      title: () => (names().redo === undefined ? "Redo" : `Redo ${names().redo}`),
      isEnabled: () => names().redo !== undefined,
      run: () => app.front()?.document.redo(),
    },
  ];
}

function scenarioCommands(app: App): Command[] {
  const frontId = (): string | undefined => app.front()?.document.store.getState().id;
  return [
    {
      ...{ id: "scenario.sample", group: "Scenario" },
      title: () => "Add the sample",
      isEnabled: always,
      run: () =>
        app.try(async () => {
          const { id } = await app.client.call("scenario.createSample", {});
          await Promise.all([app.readScenarios(), app.readTraces()]);
          await app.show(id, "results");
        }),
    },
    {
      ...{ id: "scenario.duplicate", group: "Scenario", shortcut: "Mod+D" },
      title: () => "Duplicate this scenario",
      isEnabled: () => frontId() !== undefined,
      run: () =>
        app.try(async () => {
          await app.flush();
          const { id } = await app.client.call("scenario.duplicate", { id: frontId()! });
          await app.readScenarios();
          await app.show(id, "results");
        }),
    },
    {
      ...{ id: "scenario.delete", group: "Scenario" },
      title: () => "Move this scenario to the bin",
      isEnabled: () => frontId() !== undefined,
      run: () =>
        app.try(async () => {
          await app.client.call("scenario.delete", { id: frontId()! });
          await app.readScenarios();
          app.go({ kind: "start" });
        }),
    },
    {
      ...{ id: "run.start", group: "Run", shortcut: "Mod+R" },
      title: () => "Simulate and keep the run",
      isEnabled: () => frontId() !== undefined,
      run: () => {
        const front = app.front();
        return front?.live.run(front.document.document, true);
      },
    },
    {
      ...{ id: "run.cancel", group: "Run", shortcut: "Mod+." },
      title: () => "Cancel the simulation",
      isEnabled: () => app.front()?.live.store.getState().isRunning === true,
      run: () => app.front()?.live.cancel(),
    },
  ];
}

function viewCommands(app: App): Command[] {
  const themes = ["system", "light", "dark", "contrast"] as const;
  const names = {
    system: "as the system",
    light: "light",
    dark: "dark",
    contrast: "high contrast",
  };
  return [
    {
      ...{ id: "view.palette", group: "View", shortcut: "Mod+K" },
      title: () => "All commands",
      isEnabled: always,
      run: () => app.store.setState({ isPaletteOpen: true }),
    },
    {
      ...{ id: "view.start", group: "View", shortcut: "Mod+1" },
      title: () => "Start page",
      isEnabled: always,
      run: () => app.go({ kind: "start" }),
    },
    ...themes.map(
      (theme): Command => ({
        ...{ id: `view.theme.${theme}`, group: "View" },
        title: () => `Colours: ${names[theme]}`,
        isEnabled: () => app.store.getState().settings.theme !== theme,
        run: () => app.set({ theme }),
      }),
    ),
  ];
}

/** Adds every command to the app. */
export function addCommands(app: App): void {
  app.commands.add(
    ...fileCommands(app),
    ...editCommands(app),
    ...scenarioCommands(app),
    ...viewCommands(app),
  );
}
