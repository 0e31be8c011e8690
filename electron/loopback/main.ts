/** The entry of the browser host: `node loopback.cjs [--data FOLDER] [--port N]`; prints its address and serves until it is told to stop. */
import { homedir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import packageJson from "../../package.json" with { type: "json" };
import { createCore } from "../core/createCore.ts";
import { startLoopback } from "./server.ts";

/** Where the library lies when nobody says: the place of the system's own for data of programs. */
function defaultDataFolder(): string {
  if (process.platform === "win32") {
    return join(process.env.APPDATA ?? join(homedir(), "AppData", "Roaming"), "Crossover");
  }
  if (process.platform === "darwin") {
    return join(homedir(), "Library", "Application Support", "Crossover");
  }
  return join(process.env.XDG_CONFIG_HOME ?? join(homedir(), ".config"), "Crossover");
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { data: { type: "string" }, port: { type: "string" } } });
  const log = (error: unknown): void => console.error(error);
  const core = createCore({
    host: "loopback",
    version: packageJson.version,
    isPackaged: false,
    dataFolder: values.data ?? defaultDataFolder(),
    log,
  });
  const page = join(__dirname, "../renderer");
  const host = await startLoopback(core, page, log, Number(values.port ?? 0));
  console.log(host.address);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void host.close().then(() => core.close()));
  }
}

void main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
