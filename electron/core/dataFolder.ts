/** Where the library lies when nobody says. */
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** What decides it. */
export interface System {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/** The name of the folder: the desktop app's own, so that every host shows the same work. */
const name = "Crossover";

/** The value where it can be a folder: the systems' rule is that an empty or relative one counts as none. */
function folder(value: string | undefined): string | undefined {
  return value !== undefined && isAbsolute(value) ? value : undefined;
}

/** The folder that Electron calls userData on this system; the library lies in "library" below it. */
export function defaultDataFolder(
  system: System = { platform: process.platform, env: process.env, home: homedir() },
): string {
  const { platform, env, home } = system;
  if (platform === "win32") {
    return join(folder(env.APPDATA) ?? join(home, "AppData", "Roaming"), name);
  }
  if (platform === "darwin") return join(home, "Library", "Application Support", name);
  return join(folder(env.XDG_CONFIG_HOME) ?? join(home, ".config"), name);
}
