/** The system's own dialogs for files; pages get tokens, never paths. */
import { basename } from "node:path";
import { BrowserWindow, dialog, type FileFilter } from "electron";
import type { FilePurpose, HostPorts } from "../core/coreConfig.ts";
import type { Core } from "../core/createCore.ts";
import { offerTargets } from "../core/offeredFiles.ts";
import { safeFileName } from "../core/transfers.ts";

const filters: Readonly<Record<FilePurpose, FileFilter[]>> = {
  trace: [
    { name: "Traces", extensions: ["csv", "jsonl", "json", "gz", "tsv", "txt"] },
    { name: "All files", extensions: ["*"] },
  ],
  scenario: [{ name: "Crossover scenario", extensions: ["crossover", "json"] }],
  prices: [{ name: "Price lists", extensions: ["json"] }],
  report: [
    { name: "PDF", extensions: ["pdf"] },
    { name: "All files", extensions: ["*"] },
  ],
};

/** Dialogs over the window in front. */
export function createDialogs(core: () => Core): HostPorts {
  const parent = (): BrowserWindow | undefined =>
    BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
  return {
    async chooseFiles(purpose, isMultiple) {
      const window = parent();
      const properties = isMultiple
        ? (["openFile", "multiSelections"] as const)
        : (["openFile"] as const);
      const options = { filters: filters[purpose], properties: [...properties] };
      const { filePaths } = await (window === undefined
        ? dialog.showOpenDialog(options)
        : dialog.showOpenDialog(window, options));
      return filePaths.map((path) => core().offerPath(path));
    },
    async chooseTarget(purpose, suggestedName) {
      const window = parent();
      const options = { filters: filters[purpose], defaultPath: safeFileName(suggestedName) };
      const { filePath } = await (window === undefined
        ? dialog.showSaveDialog(options)
        : dialog.showSaveDialog(window, options));
      if (filePath === undefined || filePath === "") return undefined;
      const name = basename(filePath);
      const { token } = core().files.offer({ path: filePath, name, bytes: 0, use: "write" });
      return { token, name };
    },
    async chooseTargets(_purpose, suggestedNames) {
      const window = parent();
      const properties = ["openDirectory", "createDirectory"] as const;
      const options = { buttonLabel: "Save here", properties: [...properties] };
      const { filePaths } = await (window === undefined
        ? dialog.showOpenDialog(options)
        : dialog.showOpenDialog(window, options));
      const [folder] = filePaths;
      return folder === undefined ? undefined : offerTargets(core().files, folder, suggestedNames);
    },
  };
}
