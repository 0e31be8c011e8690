/** Files from the person: the system's dialog where the host has one, else the page's own file input, which sends them. */
import type { ChosenFile } from "../../shared/contract/hostMethods.ts";
import type { Client } from "./client.ts";

type Purpose = "trace" | "scenario" | "prices";

const accepted: Readonly<Record<Purpose, string>> = {
  trace: ".csv,.jsonl,.json,.gz,.tsv,.txt",
  scenario: ".crossover,.json",
  prices: ".json,.crossover",
};

function askPage(purpose: Purpose, isMultiple: boolean): Promise<File[]> {
  return new Promise((resolve) => {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = accepted[purpose];
    input.multiple = isMultiple;
    // In the page while it waits: an input that nothing holds may be gone before the person has chosen.
    input.hidden = true;
    document.body.append(input);
    const end = (files: File[]): void => {
      input.remove();
      resolve(files);
    };
    input.addEventListener("change", () => end([...(input.files ?? [])]));
    input.addEventListener("cancel", () => end([]));
    input.click();
  });
}

/** Files that the person chose; none when they cancel. */
export async function chooseFiles(
  client: Client,
  purpose: Purpose,
  isMultiple: boolean,
): Promise<ChosenFile[]> {
  if (client.hasDialogs) {
    return (await client.call("files.choose", { purpose, isMultiple })).files;
  }
  return client.offerFiles(await askPage(purpose, isMultiple));
}

/** Lets the person fetch what was written to a target, where the host has no dialogs. */
export function fetchTarget(client: Client, token: string): void {
  if (client.hasDialogs) return;
  const link = document.createElement("a");
  link.href = `/files/${token}`;
  link.download = "";
  link.click();
}
