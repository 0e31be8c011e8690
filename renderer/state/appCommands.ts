/** The app's commands. */

import { commandSpecs } from "../../shared/contract/commands.ts";
import { chooseFiles } from "../api/chooseFiles.ts";
import { type App, type ScenarioPart, scenarioParts } from "./appState.ts";
import { type Command, commandBase } from "./commands.ts";
import { comparedIds } from "./comparedIds.ts";
import { stepNames } from "./history.ts";
import { exportScenarios, type NamedScenario } from "./passOn.ts";
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
      run: () => app.try(() => exportScenarios(app, [frontScenario(app)!])),
    },
  ];
}

/** The scenario in front, by id and name. */
function frontScenario(app: App): NamedScenario | undefined {
  const state = app.front()?.document.store.getState();
  if (state === undefined) return undefined;
  const { name } = state.history.value;
  return { id: state.id, name: typeof name === "string" && name !== "" ? name : "scenario" };
}

/** The scenario that a report is of: the one in front, also while it is shown as a report. */
function reportedId(app: App): string | undefined {
  const { view } = app.store.getState();
  const isReport = view.kind === "present" || view.kind === "print";
  return isReport ? view.id : app.front()?.document.store.getState().id;
}

/** Scenarios to compare: what was compared last, else the one in front with others of its traffic, else with the newest of any. */
function idsToCompare(app: App): string[] {
  const { scenarios, settings, lastCompared } = app.store.getState();
  const own = reportedId(app) ?? lastCompared[0] ?? settings.baselineScenario ?? scenarios[0]?.id;
  if (own === undefined) return [];
  const library = { scenarios, baseline: settings.baselineScenario, lastCompared };
  const ids = comparedIds(library, own, 4);
  const other = scenarios.find(({ id }) => id !== own);
  return ids.length > 1 || other === undefined ? ids : [own, other.id];
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
      run: () => app.go({ kind: "compare", ids: idsToCompare(app) }),
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
    {
      ...commandBase("scenario.revert"),
      isEnabled: () => app.front()?.document.differs() === true,
      run: () => app.try(async () => app.front()?.document.revert()),
    },
  ];
}

/** Into the bin, with a way back at hand. */
async function moveToBin(app: App, { id, name }: NamedScenario): Promise<void> {
  await app.flush();
  await app.client.call("scenario.delete", { id });
  await app.readScenarios();
  app.go({ kind: "start" });
  app.notify("info", `${name} is in the bin.`, {
    label: "Put it back",
    run: () =>
      void app.try(async () => {
        await app.client.call("scenario.restore", { id });
        await app.readScenarios();
        await app.show(id, "results");
      }),
  });
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
      run: () => app.try(() => moveToBin(app, frontScenario(app)!)),
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
      run: () => app.store.setState(({ isPaletteOpen }) => ({ isPaletteOpen: !isPaletteOpen })),
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

/** Parts of the scenario that is in front, or that a report is of. */
function partCommands(app: App): Command[] {
  const partInFront = (): ScenarioPart | undefined => {
    const { view } = app.store.getState();
    return view.kind === "scenario" ? view.part : undefined;
  };
  return scenarioParts.map((part) => ({
    ...commandBase(`view.part.${part}`),
    isEnabled: () => reportedId(app) !== undefined && partInFront() !== part,
    run: () => app.go({ kind: "scenario", id: reportedId(app)!, part }),
  }));
}

/** As the list in the contract has them: files first, views last. */
function inOrder(commands: readonly Command[]): Command[] {
  const place = new Map<string, number>(commandSpecs.map(({ id }, i) => [id, i]));
  return [...commands].sort((a, b) => place.get(a.id)! - place.get(b.id)!);
}

/** Adds every command to the app. Without a library none can run. */
export function addCommands(app: App): void {
  const commands = [
    ...fileCommands(app),
    ...editCommands(app),
    ...scenarioCommands(app),
    ...passOnCommands(app),
    ...viewCommands(app),
    ...partCommands(app),
  ];
  app.commands.add(
    ...inOrder(commands).map((command) => ({
      ...command,
      isEnabled: () => app.hasLibrary() && command.isEnabled(),
    })),
  );
}
