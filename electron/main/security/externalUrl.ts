/** Opening a page in the system's browser: https, and only hosts that the application itself names. */
import { shell } from "electron";

/** Documentation and the price pages that the catalog cites. */
const allowedHosts = new Set([
  "docs.nvidia.com",
  "docs.vllm.ai",
  "developers.openai.com",
  "docs.anthropic.com",
  "docs.mistral.ai",
  "github.com",
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
