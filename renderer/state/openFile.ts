/** Files that the person hands over: what each is, to be looked at before it enters the library. */
import type { ChosenFile } from "../../shared/contract/hostMethods.ts";
import { CallFailed } from "../api/client.ts";
import type { App } from "./appState.ts";

/** By its name; a .json file by what is in it. */
async function isScenario(app: App, { name, token }: ChosenFile): Promise<boolean> {
  if (/\.crossover$/i.test(name)) return true;
  if (!/\.json$/i.test(name)) return false;
  try {
    await app.client.call("scenario.preview", { file: token });
    return true;
  } catch (error) {
    if (error instanceof CallFailed && error.error.code === "badInput") return false;
    throw error;
  }
}

/** Brings files into sight, scenarios and traces told apart; nothing enters the library before the person has seen what it is. */
export async function openFiles(app: App, files: readonly ChosenFile[]): Promise<void> {
  const traces: ChosenFile[] = [];
  const scenarios: ChosenFile[] = [];
  for (const file of files) {
    await app.try(async () => {
      ((await isScenario(app, file)) ? scenarios : traces).push(file);
    });
  }
  if (traces.length + scenarios.length > 0) app.go({ kind: "import", traces, scenarios });
}
