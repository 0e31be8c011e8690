/** Scenarios as files, one or several: what is unsaved is saved as a version first, so that the file holds what is seen. */
import { formatCount } from "../../shared/reports/formatters.ts";
import { fetchTarget } from "../api/chooseFiles.ts";
import type { App } from "./appState.ts";

/** Characters that a file's name cannot have on some system become spaces. */
export function fileNameOf(name: string, ending: string): string {
  const plain = [...name]
    .map((each) => (/[\\/:*?"<>|]/.test(each) || each < " " ? " " : each))
    .join("")
    .replace(/\s+/g, " ")
    .trim();
  return `${(plain === "" ? "untitled" : plain).slice(0, 120)}.${ending}`;
}

/** A scenario to write. */
export interface NamedScenario {
  readonly id: string;
  readonly name: string;
}

/** Saves unsaved work of a scenario, open or not. Throws Error where that fails. */
async function saveWork(app: App, { id, name }: NamedScenario): Promise<void> {
  const open = app.scenario(id)?.document;
  if (open === undefined) {
    const { version, draft } = await app.client.call("scenario.open", { id });
    if (draft === null) return;
    const { document, revision: over } = draft;
    await app.client.call("scenario.save", { id, baseVersion: version, document, over });
    return;
  }
  if (open.store.getState().saveState === "saved") return;
  await open.save();
  const { saveState, problem } = open.store.getState();
  if (saveState === "failed" || saveState === "conflict") {
    throw new Error(
      `${name} is not written as a file: its changes could not be saved (${problem}).`,
    );
  }
}

/** Places for the files, asked for once; undefined when the person cancels. */
async function placesFor(
  app: App,
  chosen: readonly NamedScenario[],
): Promise<readonly { readonly token: string; readonly name: string }[] | undefined> {
  const names = chosen.map(({ name }) => fileNameOf(name, "crossover"));
  if (names.length > 1) {
    const asked = { purpose: "scenario" as const, suggestedNames: names };
    return (await app.client.call("files.chooseTargets", asked)).targets ?? undefined;
  }
  const asked = { purpose: "scenario" as const, suggestedName: names[0] };
  const { target } = await app.client.call("files.chooseTarget", asked);
  return target === null ? undefined : [target];
}

function writtenText(names: readonly string[], wanted: number): string {
  if (wanted === 1) return `${names[0]} is written.`;
  const count = names.length === wanted ? "All" : `${formatCount(names.length)} of`;
  return `${count} ${formatCount(wanted)} files are written.`;
}

/** Writes the chosen scenarios and says how it went: one that fails does not keep the others from being written. */
export async function exportScenarios(app: App, chosen: readonly NamedScenario[]): Promise<void> {
  const places = await placesFor(app, chosen);
  if (places === undefined) return;
  const written: string[] = [];
  for (const [i, scenario] of chosen.entries()) {
    const { token, name } = places[i];
    await app.try(async () => {
      await saveWork(app, scenario);
      await app.client.call("scenario.export", { id: scenario.id, target: token });
      fetchTarget(app.client, token);
      written.push(name);
    });
  }
  if (written.length > 0) {
    app.notify("info", writtenText(written, chosen.length));
  }
}
