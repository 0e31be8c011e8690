/** What a file that the person hands over becomes: a scenario of the library, or a trace to look at before it is imported. */
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

async function importScenario(app: App, token: string): Promise<void> {
  const { id } = await app.client.call("scenario.import", { file: token });
  await app.readScenarios();
  await app.show(id, "results");
}

/** Opens files one after the other. Of several traces the first comes into sight; the person is told of the others. */
export async function openFiles(app: App, files: readonly ChosenFile[]): Promise<void> {
  const traces: ChosenFile[] = [];
  for (const file of files) {
    await app.try(async () => {
      if (await isScenario(app, file)) await importScenario(app, file.token);
      else traces.push(file);
    });
  }
  const [first, ...others] = traces;
  if (first !== undefined) app.go({ kind: "importTrace", file: first });
  if (others.length > 0) {
    const names = others.map(({ name }) => name).join(", ");
    app.notify(
      "info",
      `Traces are imported one at a time; after ${first!.name}, give me: ${names}`,
    );
  }
}
