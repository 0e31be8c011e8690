import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeWire } from "../../shared/contract/wire.ts";
import { type Core, createCore } from "../core/createCore.ts";
import { leaveNote, runningHost } from "../core/runningHost.ts";
import { type LoopbackHost, startLoopback } from "./server.ts";

let folder = "";
let core: Core;
let host: LoopbackHost;
let token = "";
const logged: unknown[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "crossover-loopback-"));
  const page = join(folder, "page");
  mkdirSync(join(page, "assets"), { recursive: true });
  writeFileSync(join(page, "index.html"), "<!doctype html>the page");
  writeFileSync(join(page, "assets", "a.js"), "1");
  writeFileSync(join(folder, "secret.txt"), "secret");
  const about = { version: "0.0.0", isPackaged: false, workers: 1 };
  const log = (error: unknown): void => void logged.push(error);
  core = createCore({ host: "loopback", ...about, dataFolder: join(folder, "data"), log });
  host = await startLoopback(core, page, log, 0, { headersMs: 400, requestMs: 60_000 });
  token = new URL(host.address).hash.slice(1);
});

afterAll(async () => {
  await host.close();
  await core.close();
  rmSync(folder, { recursive: true });
  expect(logged).toEqual([]);
});

interface Answer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

function parseAnswer(raw: string): Answer {
  const [head, ...rest] = raw.split("\r\n\r\n");
  const [first, ...lines] = head.split("\r\n");
  const headers = new Map(
    lines.map((line) => {
      const at = line.indexOf(":");
      return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
    }),
  );
  return { status: Number(first.split(" ")[1]), headers, body: rest.join("\r\n\r\n") };
}

/** Sends bytes as they are and reads until the server ends the connection. */
function raw(text: string | readonly (string | Buffer)[]): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = connect(host.port, "127.0.0.1");
    const chunks: Buffer[] = [];
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.once("close", () => resolve(parseAnswer(Buffer.concat(chunks).toString("utf8"))));
    socket.once("error", reject);
    for (const part of typeof text === "string" ? [text] : text) socket.write(part);
  });
}

type Headers = Record<string, string | undefined>;

function good(): Headers {
  const own = `127.0.0.1:${host.port}`;
  return {
    Host: own,
    Origin: `http://${own}`,
    "Sec-Fetch-Site": "same-origin",
    Cookie: `crossover-${host.port}=${token}`,
    "X-Crossover": "1",
    "Content-Type": "application/json",
    Connection: "close",
  };
}

function ask(method: string, path: string, headers: Headers = {}, body = ""): Promise<Answer> {
  const length = body === "" ? {} : { "Content-Length": String(Buffer.byteLength(body)) };
  const lines = Object.entries({ ...good(), ...length, ...headers })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}`);
  return raw(`${method} ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${body}`);
}

const call = (name: string, params: unknown, headers: Headers = {}) =>
  ask("POST", `/api/${name}`, headers, encodeWire(params));

/** What no answer may lack, whatever it says. */
function expectSafe({ headers }: Answer): void {
  expect([...headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'/);
  expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
  expect(headers.get("referrer-policy")).toBe("no-referrer");
  expect(headers.get("cache-control")).toBe("no-store");
}

const refusals: [string, string, string, Headers, number][] = [
  ["a rebound host", "POST", "/api/app.info", { Host: "evil.example" }, 421],
  ["a rebound host that asks for the page", "GET", "/", { Host: "evil.example" }, 421],
  ["a rebound host that enters", "POST", "/enter", { Host: "evil.example" }, 421],
  ["an empty host", "POST", "/api/app.info", { Host: "" }, 421],
  ["a foreign origin", "POST", "/api/app.info", { Origin: "https://evil.example" }, 403],
  ["the origin null", "POST", "/api/app.info", { Origin: "null" }, 403],
  ["a foreign origin that enters", "POST", "/enter", { Origin: "https://evil.example" }, 403],
  ["another site", "POST", "/api/app.info", { "Sec-Fetch-Site": "cross-site" }, 403],
  ["another site that wants the page", "GET", "/", { "Sec-Fetch-Site": "cross-site" }, 403],
  ["another port of this machine", "GET", "/events", { "Sec-Fetch-Site": "same-site" }, 403],
  ["no token", "POST", "/api/app.info", { Cookie: undefined }, 401],
  ["a wrong token", "POST", "/api/app.info", { Cookie: "crossover-1=x" }, 401],
  ["events without the token", "GET", "/events", { Cookie: undefined }, 401],
  ["a file without the token", "GET", "/files/x", { Cookie: undefined }, 401],
  ["a reply without the token", "GET", "/replies/x", { Cookie: undefined }, 401],
  ["a reply that nobody waits for", "GET", "/replies/x", {}, 404],
  ["an upload without the token", "POST", "/files/x", { Cookie: undefined }, 401],
  ["a form", "POST", "/api/app.info", { "Content-Type": "text/plain" }, 415],
  ["no header of the page", "POST", "/api/app.info", { "X-Crossover": undefined }, 403],
  ["OPTIONS from our origin", "OPTIONS", "/api/app.info", {}, 405],
  ["OPTIONS from another", "OPTIONS", "/api/app.info", { Origin: "https://evil.example" }, 403],
  ["PUT", "PUT", "/api/app.info", {}, 405],
  ["DELETE", "DELETE", "/files/x", {}, 405],
  ["a method that is read, not posted", "GET", "/api/app.info", {}, 405],
  ["a broken escape", "POST", "/api/%E0%A4%A", {}, 400],
  ["a whole address", "GET", "http://evil.example/", {}, 400],
  ["an address of another host", "GET", "//evil.example/", {}, 400],
];

describe("the loopback host", () => {
  it.each(refusals)("turns away %s", async (_name, method, path, headers, status) => {
    const answer = await ask(method, path, headers, method === "POST" ? "{}" : "");
    expect(answer.status).toBe(status);
    expectSafe(answer);
    expect(answer.headers.get("set-cookie")).toBeUndefined();
  });

  it("listens on 127.0.0.1 only, on a port of its own, with the token in the fragment", () => {
    const { protocol, hostname, hash, pathname, search } = new URL(host.address);
    expect([protocol, hostname, pathname, search]).toEqual(["http:", "127.0.0.1", "/", ""]);
    expect(hash.length).toBeGreaterThan(40);
    expect(host.port).toBeGreaterThan(0);
  });

  it("gives the page to a browser that was told its address, with all headers", async () => {
    const plain = { Origin: undefined, Cookie: undefined, "Sec-Fetch-Site": "none" };
    const page = await ask("GET", "/", plain);
    expect([page.status, page.body]).toEqual([200, "<!doctype html>the page"]);
    expectSafe(page);
    expect((await ask("GET", "/assets/a.js", plain)).body).toBe("1");
  });

  it.each([
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/..%5csecret.txt",
    "/%00",
    "/assets",
    "/package.json",
  ])("has no file %s", async (path) => {
    const answer = await ask("GET", path);
    expect(answer.status).toBe(404);
    expect(answer.body).not.toContain("secret");
    expectSafe(answer);
  });

  it("exchanges the token for a cookie that scripts cannot read and other sites do not send", async () => {
    const answer = await ask("POST", "/enter", { Cookie: undefined }, encodeWire({ token }));
    expect(answer.status).toBe(204);
    expect(answer.headers.get("set-cookie")).toBe(
      `crossover-${host.port}=${token}; HttpOnly; SameSite=Strict; Path=/`,
    );
    for (const wrong of ["", "x", token.slice(1), `${token} `, [token]]) {
      const refused = await ask(
        "POST",
        "/enter",
        { Cookie: undefined },
        encodeWire({ token: wrong }),
      );
      expect([refused.status, refused.headers.get("set-cookie")]).toEqual([401, undefined]);
    }
    const long = await ask("POST", "/enter", {}, encodeWire({ token, more: "x".repeat(5000) }));
    expect(long.status).toBe(401);
  });

  it("answers calls, and errors of calls, in the form of the contract", async () => {
    const answer = await call("app.info", {});
    expect(JSON.parse(answer.body)).toMatchObject({ ok: true, value: { host: "loopback" } });
    expectSafe(answer);
    const unknown = await call("app.nothing", {});
    expect([unknown.status, JSON.parse(unknown.body).error.code]).toEqual([200, "unknownMethod"]);
    const noJson = await ask("POST", "/api/app.info", {}, "{");
    expect(JSON.parse(noJson.body).error.code).toBe("badParams");
    const notUtf8 = await raw([
      `POST /api/app.info HTTP/1.1\r\n${Object.entries(good())
        .map((each) => each.join(": "))
        .join("\r\n")}\r\nContent-Length: 4\r\n\r\n`,
      Buffer.from([0x22, 0xff, 0xfe, 0x22]),
    ]);
    expect(JSON.parse(notUtf8.body).error.code).toBe("badParams");
  });

  it("reads no more than a method takes, and still answers", async () => {
    const large = "x".repeat(10_000_000);
    const answer = await call("job.cancel", { job: large });
    expect([answer.status, JSON.parse(answer.body).error.code]).toEqual([413, "tooLarge"]);
    const document = { format: "crossover-scenario", version: 1, note: large };
    const taken = await call("scenario.check", { document });
    expect([taken.status, JSON.parse(taken.body).ok]).toEqual([200, true]);
  });

  it("cuts a client that does not send its headers", async () => {
    const startMs = performance.now();
    const answer = await raw("POST /api/app.info HTTP/1.1\r\nHost: ");
    expect(answer.status).toBe(408);
    expect(performance.now() - startMs).toBeLessThan(10_000);
  });

  it("refuses headers that are too large", async () => {
    expect((await ask("GET", "/", { "X-Long": "x".repeat(20_000) })).status).toBe(431);
  });

  it("takes a file and gives a written one back, once", async () => {
    const octets = { "Content-Type": "application/octet-stream" };
    const name = encodeURIComponent("../../etc/tr\u00e4ce*.csv");
    const text = "arrival_s,prompt_tokens,output_tokens\n0,100,10\n1,200,20\n";
    const sent = await ask("POST", `/files/${name}`, octets, text);
    const { value } = JSON.parse(sent.body) as {
      value: { token: string; name: string; bytes: number };
    };
    expect(value).toMatchObject({ bytes: text.length, name: "tr\u00e4ce_.csv" });
    const preview = await call("trace.preview", { file: value.token });
    expect(JSON.parse(preview.body).value.rows).toHaveLength(2);
    expect((await ask("GET", `/files/${value.token}`)).status).toBe(404);
    const asked = await call("files.chooseTarget", {
      purpose: "scenario",
      suggestedName: "a'b(c).crossover",
    });
    const { target } = JSON.parse(asked.body).value as { target: { token: string } };
    expect((await ask("GET", `/files/${target.token}`)).status).toBe(404);
  });

  /** Sends the beginning of a file of so many bytes; its token. */
  async function sendHead(text: string, bytes: number): Promise<string> {
    const more = { "Content-Type": "application/octet-stream", "X-Crossover-Bytes": String(bytes) };
    const sent = await ask("POST", "/files/parts.csv", more, text);
    return (JSON.parse(sent.body) as { value: { token: string } }).value.token;
  }

  const octetStream = { "Content-Type": "application/octet-stream" };
  const head = "arrival_s,prompt_tokens,output_tokens\n0,100,10\n";
  const rest = "1,200,20\n2,300,30\n";

  it("shows the beginning of a file while its rest is on the way, and imports the whole of it", async () => {
    const file = await sendHead(head, head.length + rest.length);
    const preview = await call("trace.preview", { file });
    expect(JSON.parse(preview.body).value).toMatchObject({ bytes: head.length + rest.length });
    expect(JSON.parse(preview.body).value.rows).toHaveLength(1);
    const imported = call("trace.import", { job: "parts", file });
    const sent = await ask("POST", `/rests/${file}`, octetStream, rest);
    expect(JSON.parse(sent.body)).toEqual({ ok: true, value: {} });
    expect(JSON.parse((await imported).body).value.trace.summary.rows).toBe(3);
    expect((await ask("POST", `/rests/${file}`, octetStream, rest)).body).toContain("notFound");
  });

  it("says that a file did not arrive whole, and imports nothing of it", async () => {
    const file = await sendHead(head, 1000);
    const imported = call("trace.import", { job: "short", file });
    const sent = await ask("POST", `/rests/${file}`, octetStream, rest);
    const told = `parts.csv did not arrive whole: ${head.length + rest.length} of 1000 bytes came.`;
    expect(JSON.parse(sent.body).error).toMatchObject({ code: "storage", message: told });
    expect(JSON.parse((await imported).body).error).toMatchObject({ message: told });
    const longer = await sendHead(head, head.length + 3);
    const more = await ask("POST", `/rests/${longer}`, octetStream, rest);
    expect(more.body).toContain("parts.csv is larger than its page said");
    expect((await ask("POST", "/rests/x", { ...octetStream, Cookie: undefined }, "")).status).toBe(
      401,
    );
  });

  it("ends the wait for a file that does not come when its import is cancelled", async () => {
    const file = await sendHead(head, 1000);
    const imported = call("trace.import", { job: "waits", file });
    await expect
      .poll(async () => JSON.parse((await call("job.cancel", { job: "waits" })).body).value.isKnown)
      .toBe(true);
    expect(JSON.parse((await imported).body).error.code).toBe("cancelled");
  });

  it("keeps nothing of an upload that breaks off", async () => {
    const spools = () =>
      readdirSync(join(folder, "data", "transfers")).flatMap((each) =>
        readdirSync(join(folder, "data", "transfers", each)),
      );
    const before = spools();
    const socket = connect(host.port, "127.0.0.1");
    const headers = { ...good(), "Content-Type": "application/octet-stream" };
    const lines = Object.entries(headers).map((each) => each.join(": "));
    socket.write(
      `POST /files/half.csv HTTP/1.1\r\n${lines.join("\r\n")}\r\nContent-Length: 100000\r\n\r\nhalf`,
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(spools()).toEqual(before);
  });

  it("streams events to the page, and ends the stream when the page goes", async () => {
    const lines = Object.entries(good()).map((each) => each.join(": "));
    const socket = connect(host.port, "127.0.0.1");
    let heard = "";
    socket.on("data", (chunk) => {
      heard += chunk.toString();
    });
    socket.write(`GET /events HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
    await expect.poll(() => heard).toContain(": open");
    core.publish({ kind: "command", id: "edit.undo" });
    await expect.poll(() => heard).toContain('data: {"kind":"command","id":"edit.undo"}');
    expect(heard).toContain("text/event-stream");
    expect(heard.toLowerCase()).not.toContain("access-control");
    socket.destroy();
  });

  it("answers a long call under a name, so that others get through, and gives its reply once", async () => {
    const { value } = JSON.parse((await call("scenario.createSample", {})).body);
    const opened = JSON.parse((await call("scenario.open", { id: value.id })).body);
    const { document } = opened.value as { document: object };
    const long = { job: "long", document, replications: 1000, isFresh: true };
    const { status, body } = await call("run.start", long, { "X-Crossover-Later": "1" });
    const { later } = JSON.parse(body) as { later: string };
    expect(status).toBe(202);
    expect((await ask("GET", `/replies/${later}`)).status).toBe(202);
    const cancelled = await call("job.cancel", { job: "long" }, { "X-Crossover-Later": "1" });
    expect([cancelled.status, JSON.parse(cancelled.body).value]).toEqual([200, { isKnown: true }]);
    const reply = async () => {
      const answer = await ask("GET", `/replies/${later}`);
      return answer.status === 202 ? undefined : JSON.parse(answer.body).error.code;
    };
    await expect.poll(reply, { timeout: 10_000 }).toBe("cancelled");
    expect((await ask("GET", `/replies/${later}`)).status).toBe(404);
  }, 30_000);

  it("is found by a second start on the same folder while it runs, by its note", async () => {
    const data = join(folder, "data");
    const take = leaveNote(data, host.address);
    expect(await runningHost(data)).toBe(host.address);
    take();
    expect(existsSync(join(data, "serving.json"))).toBe(false);
    expect(await runningHost(data)).toBeUndefined();
    for (const address of [
      `http://127.0.0.1:${host.port}/#wrong`,
      "http://127.0.0.1:1/#x",
      `http://evil.example:${host.port}/#${token}`,
      "no address",
    ]) {
      const takeBack = leaveNote(data, address);
      expect(await runningHost(data)).toBeUndefined();
      takeBack();
    }
  });
});
