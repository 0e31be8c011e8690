/** The note that a browser host leaves for the next one on the same folder: a second start hands over and leaves. */
import { readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { atomicWriteFile } from "../files/atomicWrite.ts";

const askLimitMs = 2000;

/** The note lies beside the library; it holds the address with the run's token, so only its owner may read it. */
function noteOf(dataFolder: string): string {
  return join(dataFolder, "serving.json");
}

/** Says where this host listens; the answer takes that back, unless another host has written since. */
export function leaveNote(dataFolder: string, address: string): () => void {
  const path = noteOf(dataFolder);
  const text = `${JSON.stringify({ address })}\n`;
  atomicWriteFile(path, text);
  return () => {
    try {
      if (readFileSync(path, "utf8") === text) rmSync(path, { force: true });
    } catch {
      // It is gone already.
    }
  };
}

function noted(dataFolder: string): URL | undefined {
  try {
    const { address } = JSON.parse(readFileSync(noteOf(dataFolder), "utf8")) as { address: string };
    const url = new URL(address);
    const isOurs = url.protocol === "http:" && url.hostname === "127.0.0.1" && url.hash.length > 1;
    return isOurs ? url : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the host of that address runs: it knows its own token. */
function answers({ port, host, hash }: URL): Promise<boolean> {
  const body = JSON.stringify({ token: hash.slice(1) });
  const headers = {
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(body),
    Origin: `http://${host}`,
    "X-Crossover": "1",
  };
  const options = { port, headers, method: "POST", path: "/enter", timeout: askLimitMs };
  return new Promise((resolve) => {
    const asked = request({ ...options, host: "127.0.0.1" }, (response) => {
      response.resume();
      resolve(response.statusCode === 204);
    });
    asked.once("error", () => resolve(false));
    asked.once("timeout", () => asked.destroy());
    asked.end(body);
  });
}

/** The address of a browser host that runs on this folder already; undefined without one. */
export async function runningHost(dataFolder: string): Promise<string | undefined> {
  const url = noted(dataFolder);
  return url !== undefined && (await answers(url)) ? url.href : undefined;
}
