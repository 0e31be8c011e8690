import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CommandState } from "../../shared/contract/commands.ts";
import type { Reply } from "../../shared/contract/errors.ts";
import type { CoreEvent } from "../../shared/contract/events.ts";
import type { MethodName, MethodParams, MethodResult } from "../../shared/contract/methods.ts";
import { type Core, createCore } from "./createCore.ts";
import { offerTargets } from "./offeredFiles.ts";
import { TestCore } from "./testCore.ts";

let folder = "";
let core: Core;
let shown: (readonly CommandState[])[] = [];
let isCancelled = false;
let isFull = false;
const twoPages = "<</Type /Pages /Count 2>> <</Type /Page>> <</Type /Page /Parent 1 0 R>>";

/** A call as a page that is not ours might make it. */
function rawReply(name: string, params: unknown) {
  return core.call(name, params, { host: "electron", id: "test" });
}

async function reply<Name extends MethodName>(
  name: Name,
  params: MethodParams<Name>,
  givenPaths?: string[],
) {
  const caller = { host: "electron" as const, id: "test", ...(givenPaths && { givenPaths }) };
  return (await core.call(name, params, caller)) as Reply<MethodResult<Name>>;
}

function file(name: string): string {
  const path = join(folder, name);
  writeFileSync(path, "x");
  return path;
}

async function recentNames(): Promise<string[]> {
  const listed = await reply("files.recent", {});
  return listed.ok ? listed.value.files.map(({ name }) => name) : [];
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "crossover-host-"));
  shown = [];
  isCancelled = false;
  isFull = false;
  core = createCore({
    host: "electron",
    version: "0.0.0",
    isPackaged: false,
    dataFolder: join(folder, "data"),
    workers: 1,
    setCommands: (commands) => shown.push(commands),
    setFullScreen: (next) => {
      const before = isFull;
      isFull = next;
      return before;
    },
    printPdf: async (paper) => Buffer.from(`%PDF-1.4 ${paper}\n${twoPages}\n%%EOF`),
    chooseTargets: async (_purpose, names) =>
      isCancelled ? undefined : offerTargets(core.files, folder, names),
    log: (error) => expect(error).toBeUndefined(),
  });
});

afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true });
});

describe("files that the person gives to the page", () => {
  it("are offered by token when the host says where they lie, never by what the page says", async () => {
    const given = await reply("files.offer", {}, [file("a.csv"), file("b.csv")]);
    expect(given).toMatchObject({ ok: true, value: { files: [{ name: "a.csv", bytes: 1 }, {}] } });
    expect(await reply("files.offer", {})).toMatchObject({ error: { code: "badInput" } });
    const said = { paths: [file("a.csv")] };
    expect(await rawReply("files.offer", said)).toMatchObject({ error: { code: "badParams" } });
  });

  it("that are folders or gone are refused by name", async () => {
    mkdirSync(join(folder, "deep"));
    const folderReply = await reply("files.offer", {}, [join(folder, "deep")]);
    expect(folderReply).toMatchObject({ error: { code: "badInput" } });
    const goneReply = await reply("files.offer", {}, [join(folder, "gone.csv")]);
    expect(goneReply).toMatchObject({
      error: { code: "notFound", message: "gone.csv is not there." },
    });
  });
});

describe("several files to write", () => {
  it("go into one folder under free names of their own, and never out of it", async () => {
    file("a.crossover");
    const suggestedNames = ["a.crossover", "x.crossover", "X.crossover", "../b.crossover"];
    const asked = { purpose: "scenario" as const, suggestedNames };
    const given = await reply("files.chooseTargets", asked);
    const targets = given.ok ? (given.value.targets ?? []) : [];
    expect(targets.map(({ name }) => name)).toEqual([
      ...["a (2).crossover", "x.crossover", "X (2).crossover", "b.crossover"],
    ]);
    const paths = targets.map(({ token }) => core.files.peek(token, "write").path);
    expect(paths).toEqual(targets.map(({ name }) => join(folder, name)));
    isCancelled = true;
    expect(await reply("files.chooseTargets", asked)).toEqual({
      ...{ ok: true, value: { targets: null } },
    });
  });
});

describe("the page as PDF", () => {
  it("is written to the chosen place, once, with its pages counted", async () => {
    const path = join(folder, "report.pdf");
    const { token } = core.files.offer({ path, name: "report.pdf", bytes: 0, use: "write" });
    const printed = await reply("host.printPdf", { target: token, paper: "A4" });
    const text = readFileSync(path, "latin1");
    expect(text).toMatch(/^%PDF-1\.4 A4/);
    expect(printed).toEqual({
      ...{ ok: true, value: { fileName: "report.pdf", bytes: text.length, pages: 2 } },
    });
    expect(await reply("host.printPdf", { target: token, paper: "A4" })).toMatchObject({
      error: { code: "notFound" },
    });
  });

  it("is refused by a host that does not print, which says what to do instead", async () => {
    const plain = new TestCore();
    const { token } = plain.target("report.pdf");
    await expect(plain.call("host.printPdf", { target: token, paper: "Letter" })).rejects.toThrow(
      "badInput: This host does not print by itself. In a browser print the page",
    );
    await plain.close();
  });
});

describe("the full screen", () => {
  it("is the host's where it has a window, and left to the page elsewhere", async () => {
    const asked = { isFull: true };
    expect(await reply("host.setFullScreen", asked)).toEqual({
      ...{ ok: true, value: { isDone: true, wasFull: false } },
    });
    expect(await reply("host.setFullScreen", asked)).toMatchObject({ value: { wasFull: true } });
    const plain = new TestCore();
    expect(await plain.call("host.setFullScreen", asked)).toEqual({
      ...{ isDone: false, wasFull: false },
    });
    await plain.close();
  });
});

describe("recent files", () => {
  it("are ten, the newest first, each once, without their paths", async () => {
    for (let i = 0; i < 12; i++) core.offerPath(file(`t${i}.csv`));
    core.offerPath(file("t5.csv"));
    await core.recentFiles.add(join(folder, "last.csv"), "last.csv");
    const names = ["last", "t5", "t11", "t10", "t9", "t8", "t7", "t6", "t4", "t3"];
    expect(await recentNames()).toEqual(names.map((name) => `${name}.csv`));
    expect(JSON.stringify(await reply("files.recent", {}))).not.toContain(folder);
  });

  it("open by id; one that is gone is said to be, and forgotten", async () => {
    await core.recentFiles.add(file("here.csv"), "here.csv");
    await core.recentFiles.add(join(folder, "gone.csv"), "gone.csv");
    const listed = await reply("files.recent", {});
    const [gone, here] = listed.ok ? listed.value.files : [];
    expect(await reply("files.openRecent", { id: here!.id })).toMatchObject({ ok: true });
    expect(await reply("files.openRecent", { id: gone!.id })).toMatchObject({
      error: { code: "notFound" },
    });
    expect(await recentNames()).toEqual(["here.csv"]);
    await reply("files.clearRecent", {});
    expect(await recentNames()).toEqual([]);
  });
});

describe("the host's part of the contract", () => {
  it("passes the page's commands on to the menu, known ones only", async () => {
    const commands: CommandState[] = [{ id: "run.start", title: "Run", isEnabled: true }];
    expect(await reply("host.setCommands", { commands })).toEqual({
      ok: true,
      value: { hasMenu: true },
    });
    expect(shown).toEqual([commands]);
    const unknown = { ...commands[0], id: "rm" };
    expect(await rawReply("host.setCommands", { commands: [unknown] })).toMatchObject({
      error: { code: "badParams" },
    });
  });

  it("waits for the page to write its work, as long as it may take", async () => {
    const events: CoreEvent[] = [];
    core.subscribe((event) => {
      events.push(event);
      if (event.kind === "flush") void reply("host.flushed", { flush: event.flush });
    });
    expect(await core.flushPages(10_000)).toBe(true);
    expect(events).toEqual([{ kind: "flush", flush: 1 }]);
  });
});
