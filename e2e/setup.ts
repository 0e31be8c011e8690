/** Before the end-to-end tests: a display, an Electron to run, the build, and a packaged copy of the app. Fails where one cannot be had. */
import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";

const root = join(import.meta.dirname, "..");
const testElectronVersion = "22.3.25";

async function startDisplay(): Promise<(() => void) | undefined> {
  if (process.platform !== "linux" || process.env.DISPLAY) return undefined;
  const child = spawn(
    "Xvfb",
    ["-displayfd", "3", "-screen", "0", "2000x1200x24", "-nolisten", "tcp"],
    { stdio: ["ignore", "ignore", "ignore", "pipe"] },
  );
  const number = await new Promise<string>((resolve, reject) => {
    (child.stdio[3] as Readable).once("data", (text) => resolve(String(text).trim()));
    child.once("error", reject);
    child.once("exit", () => reject(new Error("Xvfb did not start")));
  });
  process.env.DISPLAY = `:${number}`;
  return () => void child.kill();
}

interface TestElectron {
  readonly dist: string;
  /** Given for the test runtime, which needs its own binding. */
  readonly version?: string;
  readonly binding?: string;
}

/** Electron's own program where npm fetched it; else the Linux x64 test runtime. */
function provideElectron(): TestElectron {
  const own = join(root, "node_modules/electron");
  if (existsSync(join(own, "path.txt"))) return { dist: join(own, "dist") };
  const dist = join(root, "out/electron-runtime");
  const provide = join(import.meta.dirname, "electron-runtime/provide.sh");
  execFileSync(provide, [dist], { stdio: ["ignore", "inherit", "inherit"] });
  const binding = join(dist, "native/better_sqlite3.node");
  return { dist, version: testElectronVersion, binding };
}

/**
 * The configuration of the end-to-end build: the released one, but that the test tool may attach, and without the fuse that
 * the old test runtime does not know.
 */
function writeTestConfig(isOldRuntime: boolean): string {
  const released = readFileSync(join(root, "electron-builder.yml"), "utf8");
  const attachable = released.replace(
    "enableNodeCliInspectArguments: false",
    "enableNodeCliInspectArguments: true",
  );
  const unknown =
    /^ *(grantFileProtocolExtraPrivileges|loadBrowserProcessSpecificV8Snapshot):.*\n/gm;
  const file = join(root, "out/e2e-builder.yml");
  writeFileSync(file, isOldRuntime ? attachable.replace(unknown, "") : attachable);
  return file;
}

function packageApp({ dist, version, binding }: TestElectron): void {
  const builder = join(root, "node_modules/electron-builder/cli.js");
  const options = [
    "--dir",
    "--publish=never",
    `--config=${writeTestConfig(version !== undefined)}`,
    `-c.electronDist=${dist}`,
    ...(version === undefined ? [] : [`-c.electronVersion=${version}`]),
  ];
  execFileSync(process.execPath, [builder, ...options], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (binding === undefined) return;
  const unpacked = join(root, "out/package/linux-unpacked/resources/app.asar.unpacked");
  const file = "node_modules/better-sqlite3/prebuilds/linux-x64.node";
  if (existsSync(join(unpacked, file))) copyFileSync(binding, join(unpacked, file));
}

/** Playwright's global set-up. */
export default async function setup(): Promise<(() => void) | undefined> {
  const stop = await startDisplay();
  try {
    const electron = provideElectron();
    process.env.ELECTRON_OVERRIDE_DIST_PATH = electron.dist;
    packageApp(electron);
  } catch (error) {
    stop?.();
    throw error;
  }
  return stop;
}
