/** Files that a start of the program names. */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

function pathOf(argument: string, folder: string): string | undefined {
  if (!argument.startsWith("file:")) return resolve(folder, argument);
  try {
    return fileURLToPath(argument);
  } catch {
    return undefined;
  }
}

/**
 * Paths among the arguments of a start in `folder`, switches left out. `appPath` is that of the app where Electron itself was
 * started with it as an argument (not packaged): files are named after it. Desktops of Linux pass file: addresses.
 */
export function launchFiles(
  argv: readonly string[],
  folder: string,
  appPath: string | undefined,
): string[] {
  const given = argv.slice(1).filter((argument) => !argument.startsWith("-") && argument !== "");
  const app =
    appPath === undefined ? -1 : given.findIndex((each) => resolve(folder, each) === appPath);
  if (appPath !== undefined && app < 0) return [];
  return given.slice(app + 1).flatMap((argument) => pathOf(argument, folder) ?? []);
}
