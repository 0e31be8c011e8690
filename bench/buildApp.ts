/** The app as `npm start` builds it. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

/** Builds into out/; throws where that fails. */
export function buildApp(): void {
  const vite = join(root, "node_modules/vite/bin/vite.js");
  const config = join(root, "electron/vite.config.ts");
  const env = { ...process.env, CROSSOVER_BUILD: "client,node,worker,preload" };
  const args = [vite, "build", "--app", "--config", config, "--logLevel", "error"];
  execFileSync(process.execPath, args, { cwd: root, env, stdio: ["ignore", "ignore", "inherit"] });
}
