/** Opening a page in the system's browser: https, and only hosts that the application itself names. */
import { shell } from "electron";

/** Hosts of the pages that data/catalog and data/claims.json cite, and of documentation; a test holds them together. */
export const allowedHosts: ReadonlySet<string> = new Set([
  "ai.google.dev",
  "api.together.ai",
  "build.nvidia.com",
  "deepinfra.com",
  "deploybase.ai",
  "developers.openai.com",
  "docs.mistral.ai",
  "docs.nvidia.com",
  "docs.vllm.ai",
  "friendli.ai",
  "fungather.com",
  "github.com",
  "gpu.blog",
  "platform.claude.com",
  "techbytes.app",
  "www.nvidia.com",
  "www.spheron.network",
]);

/** The address as it may be opened; undefined for anything else. */
export function checkedExternalUrl(value: unknown): string | undefined {
  if (typeof value !== "string" || value !== value.trim()) return undefined;
  try {
    const url = new URL(value);
    const isPlain = url.username === "" && url.password === "" && url.port === "";
    const isAllowed = url.protocol === "https:" && allowedHosts.has(url.hostname);
    return isPlain && isAllowed ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/** Opens an allowed address; false for any other. */
export async function openExternalUrl(value: unknown): Promise<boolean> {
  const url = checkedExternalUrl(value);
  if (url === undefined) return false;
  await shell.openExternal(url);
  return true;
}
