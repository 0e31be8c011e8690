/** The Nodes on which the golden hash is taken: fetched through npm into out/nodes, and the Node inside Electron 22. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A Node to run a program with, or why it could not be had. */
export interface Runtime {
  readonly name: string;
  readonly program?: string;
  readonly env?: Record<string, string>;
  readonly missing?: string;
}

/** The oldest Node that Crossover runs on, and the newest of each line in between and after. */
const nodeVersions = ["16.20.2", "22.23.3", "26.10.0"];
const electronVersion = "22.3.25";

/** The last lines that a failed program wrote. */
function lastWords(result: ReturnType<typeof spawnSync>): string {
  if (result.error !== undefined) return result.error.message;
  const text = `${result.stdout ?? ""}\n${result.stderr ?? ""}`;
  return text.trim().split("\n").slice(-3).join(" | ");
}

function npmInstall(folder: string, what: string): ReturnType<typeof spawnSync> {
  const options = ["--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"];
  const args = ["install", "--prefix", folder, ...options, what];
  const npm = process.env.npm_execpath;
  const isWindows = process.platform === "win32";
  if (npm?.endsWith(".js")) {
    return spawnSync(process.execPath, [npm, ...args], { encoding: "utf8", timeout: 180_000 });
  }
  return spawnSync("npm", args, { encoding: "utf8", timeout: 180_000, shell: isWindows });
}

function provideNode(root: string, version: string): Runtime {
  const name = `Node ${version}`;
  const platform = process.platform === "win32" ? "win" : process.platform;
  const packageName = `node-${platform}-${process.arch}`;
  const folder = join(root, "out/nodes", version);
  const file = process.platform === "win32" ? "node.exe" : "node";
  const program = join(folder, "node_modules", packageName, "bin", file);
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{"private": true}\n');
    const result = npmInstall(folder, `${packageName}@${version}`);
    if (result.status !== 0 || !existsSync(program)) {
      return { name, missing: `npm install ${packageName}@${version}: ${lastWords(result)}` };
    }
  }
  return { name, program };
}

/** Whether Debian packages may be installed for the test runtime. */
function isDebianRoot(): boolean {
  return process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
}

/** pip carries the test runtime; a bare Debian has none. */
function providePip(): void {
  if (spawnSync("python3", ["-m", "pip", "--version"]).status === 0 || !isDebianRoot()) return;
  spawnSync("apt-get", ["update", "-qq"], { stdio: "ignore" });
  const packages = ["python3", "python3-pip"];
  const args = ["install", "-y", "-qq", "--no-install-recommends", ...packages];
  spawnSync("apt-get", args, {
    stdio: "ignore",
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
}

function provideElectron(root: string): Runtime {
  const name = `Electron ${electronVersion} as Node`;
  if (process.platform !== "linux" || process.arch !== "x64") {
    return { name, missing: "the test runtime is for Linux x64 only" };
  }
  const folder = join(root, "out/electron-runtime");
  const script = join(root, "e2e/electron-runtime/provide.sh");
  providePip();
  let result = spawnSync(script, [folder], { encoding: "utf8", timeout: 300_000 });
  if (result.status !== 0 && isDebianRoot()) {
    result = spawnSync(script, ["--apt", folder], { encoding: "utf8", timeout: 300_000 });
  }
  if (result.status !== 0) return { name, missing: lastWords(result) };
  return { name, program: join(folder, "electron"), env: { ELECTRON_RUN_AS_NODE: "1" } };
}

/** Every runtime of the golden test, this process's Node among them; fetches what is not there yet. */
export function provideRuntimes(root: string): Runtime[] {
  return [
    { name: `Node ${process.versions.node}`, program: process.execPath },
    ...nodeVersions.map((version) => provideNode(root, version)),
    provideElectron(root),
  ];
}
