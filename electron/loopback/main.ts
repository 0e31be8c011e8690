/** The entry of the browser host: `node loopback.cjs [--data FOLDER] [--port N]`; prints its address and serves until it is told to stop. */
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import packageJson from "../../package.json" with { type: "json" };
import type { StorageStatusReply } from "../../shared/contract/hostMethods.ts";
import { type Core, createCore } from "../core/createCore.ts";
import { defaultDataFolder } from "../core/dataFolder.ts";
import { leaveNote, runningHost } from "../core/runningHost.ts";
import { startLoopback } from "./server.ts";

function log(error: unknown): void {
  console.error(error);
}

function portOf(text: string | undefined): number {
  const port = Number(text ?? 0);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new Error(`--port: found "${text}", wanted a number from 0 (any free one) to 65535`);
}

async function stateOf(core: Core): Promise<StorageStatusReply["state"] | undefined> {
  const reply = await core.call("storage.status", {}, { host: "loopback", id: "start" });
  return reply.ok ? (reply.value as StorageStatusReply).state : undefined;
}

async function serve(core: Core, dataFolder: string, port: number): Promise<void> {
  const state = await stateOf(core);
  if (state?.kind === "locked") {
    const running = await runningHost(dataFolder);
    if (running !== undefined) {
      console.error("crossover: this library is served already; open the address in a browser:");
      console.log(running);
      await core.close();
      return;
    }
    console.error("crossover: another Crossover has this library open; the page says what to do.");
  }
  const host = await startLoopback(core, join(__dirname, "../renderer"), log, port);
  const isOwn = state?.kind === "ready" || state?.kind === "recovered";
  const takeNote = isOwn ? leaveNote(dataFolder, host.address) : () => {};
  console.log(host.address);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      takeNote();
      void core
        .flushPages(1000, 300)
        .then(() => host.close())
        .then(() => core.close());
    });
  }
}

/** The library's native binding is made for this Node and later; an older one would crash in it. */
const oldestNode = 22;

function refuseOldNode(): void {
  if (Number(process.versions.node.split(".")[0]) >= oldestNode) return;
  throw new Error(
    `found Node ${process.versions.node}, wanted ${oldestNode} or later; npm start brings its own`,
  );
}

async function main(): Promise<void> {
  refuseOldNode();
  const { values } = parseArgs({ options: { data: { type: "string" }, port: { type: "string" } } });
  const port = portOf(values.port);
  const dataFolder = resolve(values.data ?? defaultDataFolder());
  const about = { version: packageJson.version, isPackaged: false };
  const core = createCore({ host: "loopback", ...about, dataFolder, log });
  await serve(core, dataFolder, port).catch(async (error: unknown) => {
    await core.close();
    throw error;
  });
}

void main().catch((error: unknown) => {
  console.error(`crossover: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
});
