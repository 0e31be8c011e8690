/** The contract as each host carries it: over Electron's bridge, over HTTP, by the command line. */
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { ElectronApplication } from "playwright/test";
import { decodeWire, encodeWire } from "../../shared/contract/wire.ts";
import { launchElectron, startLoopbackHost } from "../fixtures/hosts.ts";

const root = join(import.meta.dirname, "../..");

/** Files that the person chooses for a call. */
export interface CallFiles {
  /** Its token becomes the parameter `file`. */
  readonly file?: string;
  /** Its token becomes the parameter `target`. */
  readonly target?: string;
}

/** One host with a library of its own. */
export interface Caller {
  readonly host: "electron" | "loopback" | "cli";
  readonly data: string;
  call(method: string, params: unknown, files?: CallFiles): Promise<unknown>;
  /** A text of parameters that is no JSON, where the host has one; undefined where it cannot be said. */
  callText?(method: string, text: string): Promise<unknown>;
  /** A call by somebody who may not: another page, a page without the token. */
  callAsStranger?(method: string): Promise<unknown>;
  close(): Promise<void>;
}

function named(params: unknown, tokens: Record<string, string>): unknown {
  return Object.keys(tokens).length === 0 ? params : { ...(params as object), ...tokens };
}

/** The value of a reply that has one. */
function replyValue<Value>(reply: unknown): Value {
  return (reply as { value: Value }).value;
}

/** Runs the command line; its reply. */
function runCli(data: string, args: readonly string[]): Promise<string> {
  const cli = join(root, "out/electron/cli.cjs");
  const child = spawn(process.execPath, [cli, "call", ...args, "--library", data]);
  let stdout = "";
  child.stdout.on("data", (text) => {
    stdout += text;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => resolve(stdout));
  });
}

/** Every call is a process of its own. */
export function openCli(data: string): Caller {
  const paramsFile = `${data}.params.json`;
  const callText = async (method: string, text: string, more: readonly string[] = []) => {
    writeFileSync(paramsFile, text);
    return decodeWire(await runCli(data, [method, "--params", `@${paramsFile}`, ...more]));
  };
  return {
    ...{ host: "cli", data },
    call: (method, params, { file, target } = {}) =>
      callText(method, encodeWire(params), [
        ...(file === undefined ? [] : ["--file", file]),
        ...(target === undefined ? [] : ["--target", target]),
      ]),
    close: async () => {},
  };
}

/** As the page does it, without one. */
export async function openLoopback(data: string): Promise<Caller> {
  const { address, child } = await startLoopbackHost(data);
  const { origin, hash } = new URL(address);
  let cookie = "";
  const post = (path: string, body: string | Uint8Array<ArrayBuffer>, type = "application/json") =>
    fetch(`${origin}${path}`, {
      method: "POST",
      headers: { "Content-Type": type, "X-Crossover": "1", Origin: origin, Cookie: cookie },
      body: typeof body === "string" ? body : new Blob([body]),
    });
  const entered = await post("/enter", encodeWire({ token: hash.slice(1) }));
  cookie = entered.headers.get("set-cookie")!.split(";")[0]!;
  const callText = async (method: string, text: string) =>
    decodeWire(await (await post(`/api/${method}`, text)).text());
  return {
    ...{ host: "loopback", data, callText },
    async call(method, params, files = {}) {
      const { file, target } = method.startsWith("files.") ? {} : files;
      const tokens: Record<string, string> = {};
      if (file !== undefined) {
        const path = `/files/${encodeURIComponent(basename(file))}`;
        const sent = await post(path, readFileSync(file), "application/octet-stream");
        tokens.file = replyValue<{ token: string }>(decodeWire(await sent.text())).token;
      }
      if (target !== undefined) {
        const asked = { purpose: "scenario", suggestedName: basename(target) };
        const reply = await callText("files.chooseTarget", encodeWire(asked));
        tokens.target = replyValue<{ target: { token: string } }>(reply).target.token;
      }
      const reply = await callText(method, encodeWire(named(params, tokens)));
      if (target !== undefined) {
        const got = await fetch(`${origin}/files/${tokens.target}`, {
          headers: { Cookie: cookie },
        });
        if (got.ok) writeFileSync(target, Buffer.from(await got.arrayBuffer()));
      }
      return reply;
    },
    async callAsStranger(method) {
      const options = {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: "{}",
      };
      return decodeWire(await (await fetch(`${origin}/api/${method}`, options)).text());
    },
    async close() {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await gone;
    },
  };
}

interface Bridge {
  call(name: unknown, params: unknown): Promise<unknown>;
}

/** Calls the bridge in the page; the reply as the wire form of the contract writes it, since the test tool carries no columns. */
async function callBridge([name, value]: readonly [unknown, unknown]): Promise<string> {
  const kinds: Record<string, string> = {
    ...{ Float64Array: "f64", Float32Array: "f32", Int32Array: "i32" },
    ...{ Uint32Array: "u32", Uint16Array: "u16", Uint8Array: "u8" },
  };
  const reply = await (Reflect.get(globalThis, "crossover") as Bridge).call(name, value);
  return JSON.stringify(reply, (_key, each: unknown) => {
    if (typeof each === "number" && !Number.isFinite(each)) return { $number: String(each) };
    if (!ArrayBuffer.isView(each)) return each;
    const bytes = new Uint8Array(each.buffer, each.byteOffset, each.byteLength);
    const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
    return { $column: kinds[each.constructor.name], base64: btoa(text) };
  });
}

/** The reply of callBridge; plain keys that read like tags are not escaped there, and stay as they are. */
function decodeBridge(text: string): unknown {
  return decodeWire(text.replace(/"\$column":(?!"[fiu]\d+","base64")/g, '"$$$$column":'));
}

/** The dialogs answer what the test chooses. */
async function answerDialogs(app: ElectronApplication, files: CallFiles): Promise<void> {
  await app.evaluate(({ dialog }, { file, target }) => {
    dialog.showOpenDialog = async (...given: unknown[]) => {
      const { properties } = given[given.length - 1] as { properties: readonly string[] };
      const chosen = properties.includes("openDirectory") ? target : file;
      return { canceled: chosen === undefined, filePaths: chosen === undefined ? [] : [chosen] };
    };
    dialog.showSaveDialog = async () => ({
      canceled: target === undefined,
      filePath: target ?? "",
    });
  }, files);
}

/** Through the bridge of a page of the app. */
export async function openElectron(data: string): Promise<Caller> {
  const app = await launchElectron("electron", data);
  const page = await app.firstWindow();
  await page.waitForFunction(() => "crossover" in globalThis);
  const plainCall = async (method: string, params: unknown): Promise<unknown> =>
    decodeBridge(await page.evaluate(callBridge, [method, params] as const));
  return {
    ...{ host: "electron", data },
    async call(method, params, files = {}) {
      await answerDialogs(app, files);
      const tokens: Record<string, string> = {};
      if (files.file !== undefined && !method.startsWith("files.")) {
        const reply = await plainCall("files.choose", { purpose: "trace" });
        tokens.file = replyValue<{ files: { token: string }[] }>(reply).files[0]!.token;
      }
      if (files.target !== undefined && !method.startsWith("files.")) {
        const asked = { purpose: "scenario", suggestedName: basename(files.target) };
        const reply = await plainCall("files.chooseTarget", asked);
        tokens.target = replyValue<{ target: { token: string } }>(reply).target.token;
      }
      return plainCall(method, named(params, tokens));
    },
    callAsStranger: (method) => callFromOtherWindow(app, method),
    close: () => app.close(),
  };
}

/** A window that the app did not make, with the app's own preload. */
function callFromOtherWindow(app: ElectronApplication, method: string): Promise<unknown> {
  return app.evaluate(
    async ({ BrowserWindow }, { preload, name }) => {
      const window = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
      await window.loadURL("app://crossover/");
      const code = `window.crossover.call(${JSON.stringify(name)}, {})`;
      const reply: unknown = await window.webContents.executeJavaScript(code);
      window.destroy();
      return reply;
    },
    { preload: join(root, "out/electron/preload.cjs"), name: method },
  );
}
