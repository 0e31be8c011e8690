/** The app's commands. */
import { chooseFiles, fetchTarget } from "../api/chooseFiles.ts";
import type { App } from "./appState.ts";
import { type Command, commandBase } from "./commands.ts";
import { stepNames } from "./history.ts";
import { runStale, staleText } from "./runStale.ts";

const always = (): boolean => true;

function fileCommands(app: App): Command[] {
  const hasFront = (): boolean => app.front() !== undefined;
  return [
    {
      ...commandBase("trace.import"),
      isEnabled: always,
      run: () =>
        app.try(async () => {
          const traces = await chooseFiles(app.client, "trace", true);
          if (traces.length > 0) app.go({ kind: "import", traces, scenarios: [] });
        }),
    },
    {
      ...commandBase("scenario.import"),
      isEnabled: always,
      run: () =>
        app.try(async () => {
          const scenarios = await chooseFiles(app.client, "scenario", true);
          if (scenarios.length > 0) app.go({ kind: "import", traces: [], scenarios });
        }),
    },
    {
      ...commandBase("scenario.save"),
      isEnabled: hasFront,
      run: () => app.front()?.document.save(),
    },
    {
      ...commandBase("scenario.export"),
      isEnabled: hasFront,
      run: () => app.try(() => exportFront(app)),
    },
  ];
}

async function exportFront(app: App): Promise<void> {
  const front = app.front();
  if (front === undefined) return;
  await front.document.save();
  const { id, history, saveState, problem } = front.document.store.getState();
  if (saveState === "failed" || saveState === "conflict") {
    throw new Error(`The file was not written, since the scenario could not be saved. ${problem}`);
  }
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

/** The scenario that a report is of: the one in front, also while it is shown as a report. */
function reportedId(app: App): string | undefined {
  const { view } = app.store.getState();
  const isReport = view.kind === "present" || view.kind === "print";
  return isReport ? view.id : app.front()?.document.store.getState().id;
}

/** Scenarios to compare: the baseline, the one in front, and the newest others, three in all. */
function comparedIds(app: App): string[] {
  const { scenarios, settings } = app.store.getState();
  const wanted = [settings.baselineScenario, reportedId(app), ...scenarios.map(({ id }) => id)];
  const known = wanted.filter((id): id is string => scenarios.some((each) => each.id === id));
  return [...new Set(known)].slice(0, 3);
}

function passOnCommands(app: App): Command[] {
  const hasReport = (): boolean => reportedId(app) !== undefined;
  return [
    {
      ...commandBase("scenario.exportAll"),
      isEnabled: () => app.store.getState().scenarios.length > 0,
      run: () => app.go({ kind: "exportFiles" }),
    },
    {
      ...commandBase("report.print"),
      isEnabled: hasReport,
      run: () => app.go({ kind: "print", id: reportedId(app)! }),
    },
    {
      ...commandBase("view.compare"),
      isEnabled: () => app.store.getState().scenarios.length > 0,
      run: () => app.go({ kind: "compare", ids: comparedIds(app) }),
    },
    {
      ...commandBase("view.present"),
      isEnabled: hasReport,
      run: () => app.go({ kind: "present", id: reportedId(app)!, page: 0 }),
    },
    {
      ...commandBase("scenario.baseline"),
      isEnabled: hasReport,
      run: () => app.set({ baselineScenario: reportedId(app)! }),
    },
  ];
}

function editCommands(app: App): Command[] {
  const names = (): { undo?: string; redo?: string } => {
    const front = app.front();
    return front === undefined ? {} : stepNames(front.document.store.getState().history);
  };
  return [
    {
      ...commandBase("edit.undo"),
      title: () => (names().undo === undefined ? "Undo" : `Undo ${names().undo}`),
      isEnabled: () => names().undo !== undefined,
      run: () => app.front()?.document.undo(),
    },
    {
      ...commandBase("edit.redo"),
      title: () => (names().redo === undefined ? "Redo" : `Redo ${names().redo}`),
      isEnabled: () => names().redo !== undefined,
      run: () => app.front()?.document.redo(),
    },
  ];
}

function scenarioCommands(app: App): Command[] {
  const frontId = (): string | undefined => app.front()?.document.store.getState().id;
  const isPinned = (): boolean => app.front()?.live.store.getState().pinned !== undefined;
  return [
    {
      ...commandBase("scenario.sample"),
      isEnabled: always,
      run: () =>
        app.try(async () => {
          const { id } = await app.client.call("scenario.createSample", {});
          await Promise.all([app.readScenarios(), app.readTraces()]);
          await app.show(id, "results");
        }),
    },
    {
      ...commandBase("scenario.duplicate"),
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
      ...commandBase("scenario.delete"),
      isEnabled: () => frontId() !== undefined,
      run: () =>
        app.try(async () => {
          await app.client.call("scenario.delete", { id: frontId()! });
          await app.readScenarios();
          app.go({ kind: "start" });
        }),
    },
    {
      ...commandBase("run.start"),
      isEnabled: () => frontId() !== undefined,
      run: () => {
        const front = app.front();
        return front?.live.run(front.document.document, true);
      },
    },
    {
      ...commandBase("run.allStale"),
      isEnabled: () => app.store.getState().scenarios.length > 0,
      run: () =>
        app.try(async () => {
          const outcome = await runStale(app);
          app.notify(outcome.failed.length > 0 ? "warn" : "info", staleText(outcome));
        }),
    },
    {
      ...commandBase("run.pin"),
      title: () =>
        isPinned() ? "Take the pin out of the answer" : "Pin this answer as the baseline",
      isEnabled: () => app.front()?.live.store.getState().report !== undefined,
      run: () => app.front()?.live.pin(!isPinned()),
    },
    {
      ...commandBase("run.cancel"),
      isEnabled: () => app.front()?.live.store.getState().isRunning === true,
      run: () => app.front()?.live.cancel(),
    },
  ];
}

function viewCommands(app: App): Command[] {
  const themes = ["system", "light", "dark", "contrast"] as const;
  return [
    {
      ...commandBase("view.palette"),
      isEnabled: always,
      run: () => app.store.setState({ isPaletteOpen: true }),
    },
    {
      ...commandBase("view.start"),
      isEnabled: always,
      run: () => app.go({ kind: "start" }),
    },
    {
      ...commandBase("view.library"),
      isEnabled: always,
      run: () => app.go({ kind: "library" }),
    },
    ...themes.map(
      (theme): Command => ({
        ...commandBase(`view.theme.${theme}`),
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
    ...passOnCommands(app),
    ...viewCommands(app),
  );
}
