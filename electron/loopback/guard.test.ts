import { describe, expect, it } from "vitest";
import { isRunToken, refuse } from "./guard.ts";

const token = "T0ken";
const good = {
  host: "127.0.0.1:4000",
  origin: "http://127.0.0.1:4000",
  "sec-fetch-site": "same-origin",
  cookie: `other=1; crossover-4000=${token}`,
  "x-crossover": "1",
  "content-type": "application/json",
};
const post = { method: "POST", path: "/api/app.info" };

const cases: [
  string,
  { method?: string; path?: string },
  Record<string, string | undefined>,
  number | undefined,
][] = [
  ["a call of the page", {}, {}, undefined],
  [
    "a call by the name localhost",
    {},
    { host: "localhost:4000", origin: "http://localhost:4000" },
    undefined,
  ],
  ["a rebound host", {}, { host: "evil.example:4000" }, 421],
  ["another port", {}, { host: "127.0.0.1:4001" }, 421],
  ["no host", {}, { host: undefined }, 421],
  ["a foreign origin", {}, { origin: "https://evil.example" }, 403],
  [
    "an origin that only begins like ours",
    {},
    { origin: "http://127.0.0.1:4000.evil.example" },
    403,
  ],
  ["a null origin", {}, { origin: "null" }, 403],
  ["another site", {}, { "sec-fetch-site": "cross-site" }, 403],
  ["another port of the same site", {}, { "sec-fetch-site": "same-site" }, 403],
  ["no token", {}, { cookie: undefined }, 401],
  ["another token", {}, { cookie: "crossover-4000=T0ken2" }, 401],
  ["the cookie of another port's run", {}, { cookie: `crossover-4001=${token}` }, 401],
  [
    "ours behind one of the same name from another server",
    {},
    { cookie: `crossover-4000=x; crossover-4000=${token}` },
    undefined,
  ],
  ["an origin of another scheme", {}, { origin: "https://127.0.0.1:4000" }, 403],
  ["a host with a name before ours", {}, { host: "x@127.0.0.1:4000" }, 421],
  ["the port alone", {}, { host: "127.0.0.1" }, 421],
  ["a form's content type", {}, { "content-type": "text/plain" }, 415],
  ["no header of the page", {}, { "x-crossover": undefined }, 403],
  ["a post without origin", {}, { origin: undefined }, 403],
  ["another method", { method: "OPTIONS" }, {}, 405],
  [
    "the page itself, typed into the browser",
    { method: "GET", path: "/" },
    { origin: undefined, cookie: undefined, "sec-fetch-site": "none" },
    undefined,
  ],
  [
    "events without token",
    { method: "GET", path: "/events" },
    { origin: undefined, cookie: undefined },
    401,
  ],
];

describe("the loopback guard", () => {
  it.each(cases)("answers %s as it should", (_name, request, headers, status) => {
    const all = { ...post, ...request, headers: { ...good, ...headers } };
    expect(refuse(all, 4000, token)?.status).toBe(status);
  });

  it("knows the run's token only whole", () => {
    expect(isRunToken(token, token)).toBe(true);
    for (const other of ["T0ke", "T0ken ", "", undefined, 5, { length: 5 }]) {
      expect(isRunToken(other, token)).toBe(false);
    }
  });
});
