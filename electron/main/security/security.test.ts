import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { allowedHosts, checkedExternalUrl } from "./externalUrl.ts";
import { isOwnSender, isOwnUrl } from "./sender.ts";

vi.mock("electron", () => ({ shell: {} }));

describe("our own page", () => {
  it.each([
    ["app://crossover/", true],
    ["app://crossover/index.html#x", true],
    ["app://crossover.evil.example/", false],
    ["app://evil/crossover", false],
    ["https://x.example/?next=app://crossover/", false],
    ["http://app://crossover/", false],
    ["about:blank", false],
    ["file:///app://crossover/", false],
    ["", false],
  ])("%s: %s", (url, isOwn) => {
    expect(isOwnUrl(url)).toBe(isOwn);
  });

  it("speaks from the main frame of a window of ours, and from nowhere else", () => {
    const frame = { url: "app://crossover/" };
    const sender = { id: 1, mainFrame: frame };
    const isOurs = (id: number) => id === 1;
    expect(isOwnSender({ senderFrame: frame, sender }, isOurs)).toBe(true);
    expect(isOwnSender({ senderFrame: null, sender }, isOurs)).toBe(false);
    expect(isOwnSender({ senderFrame: { ...frame }, sender }, isOurs)).toBe(false);
    expect(isOwnSender({ senderFrame: frame, sender: { ...sender, id: 2 } }, isOurs)).toBe(false);
    const blank = { url: "about:blank" };
    const other = { id: 1, mainFrame: blank };
    expect(isOwnSender({ senderFrame: blank, sender: other }, isOurs)).toBe(false);
  });
});

describe("an address for the system's browser", () => {
  it("may be any page that the catalog or the claim ledger cites, and those of two manuals", () => {
    const data = join(import.meta.dirname, "../../../data");
    const catalog = readdirSync(join(data, "catalog")).filter((name) => name.endsWith(".json"));
    const files = ["claims.json", ...catalog.map((name) => `catalog/${name}`)];
    const texts = files.map((name) => readFileSync(join(data, name), "utf8")).join("\n");
    const cited = [...texts.matchAll(/https?:\/\/([a-z0-9.-]+)/gi)].map(([, host]) => host!);
    expect([...allowedHosts].sort()).toEqual(
      [...new Set([...cited, "docs.vllm.ai", "github.com"])].sort(),
    );
  });

  it.each(["https://docs.nvidia.com/nim/", "https://github.com/vllm-project/vllm"])(
    "may be %s",
    (url) => {
      expect(checkedExternalUrl(url)).toBe(url);
    },
  );

  it.each([
    "http://docs.nvidia.com/",
    "https://docs.nvidia.com.evil.example/",
    "https://docs.nvidia.com@evil.example/",
    "https://user@docs.nvidia.com/",
    "https://docs.nvidia.com:8443/",
    " https://docs.nvidia.com/",
    "file:///etc/passwd",
    "smb://host/share",
    "javascript:alert(1)",
    "ms-msdt:/id",
    "\\\\host\\share",
    "",
    undefined,
    { toString: () => "https://docs.nvidia.com/" },
  ])("may not be %s", (url) => {
    expect(checkedExternalUrl(url)).toBeUndefined();
  });
});
