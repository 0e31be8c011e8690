import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { pngSize } from "./iconFiles.ts";

const root = join(import.meta.dirname, "..");
const require = createRequire(import.meta.url);
const text = readFileSync(join(root, "electron-builder.yml"), "utf8");

interface Target {
  readonly target: string;
  readonly arch: readonly string[];
}
interface Config {
  readonly [key: string]: unknown;
  readonly linux: { readonly target: readonly Target[]; readonly icon: string };
  readonly mac: { readonly target: readonly Target[]; readonly icon: string };
  readonly win: { readonly target: readonly Target[]; readonly icon: string };
  readonly directories: { readonly buildResources: string };
  readonly electronFuses: Readonly<Record<string, boolean>>;
  readonly files: readonly string[];
}

function config(): Config {
  return parse(text) as Config;
}

/** electron-builder's own check of a configuration against its schema. */
async function check(candidate: unknown): Promise<void> {
  const { validateConfiguration } = require("app-builder-lib/out/util/config/config.js") as {
    validateConfiguration(config: unknown, log: unknown): Promise<void>;
  };
  const { DebugLogger } = require("builder-util") as {
    DebugLogger: new (isEnabled: boolean) => unknown;
  };
  await validateConfiguration(candidate, new DebugLogger(false));
}

describe("electron-builder.yml", () => {
  it("fits electron-builder's schema, installer targets included", async () => {
    await check(config());
  });

  it.each([
    ["a misspelt key", { apId: "x" }],
    ["an unknown fuse", { electronFuses: { runAsNodes: false } }],
    ["an unknown kind of installer option", { nsis: { oneClicks: true } }],
    ["an architecture that there is not", { linux: { target: { target: "deb", arch: "x65" } } }],
  ])("would be refused for %s: the check looks", async (_name, patch) => {
    await expect(check({ ...config(), ...patch })).rejects.toThrow(/Invalid configuration object/);
  });

  it("builds AppImage, deb, dmg, zip and nsis for both architectures", () => {
    const { linux, mac, win } = config();
    const targets = [linux, mac, win].flatMap(({ target }) =>
      target.map((each) => `${each.target} ${each.arch.join(" ")}`),
    );
    expect(targets).toEqual(
      ["AppImage", "deb", "dmg", "zip", "nsis"].map((name) => `${name} x64 arm64`),
    );
  });

  it("ships one native binding for each target, and that binding is there", () => {
    const [platformMark, archMark] = ["platform", "arch"].map((name) => `$\{${name}}`);
    const binding = config().files.filter((file) => file.includes("prebuilds"));
    const wanted = `node_modules/better-sqlite3/prebuilds/${platformMark}-${archMark}.node`;
    expect(binding).toEqual([wanted]);
    for (const platform of ["linux", "darwin", "win32"]) {
      for (const arch of ["x64", "arm64"]) {
        const file = wanted.replace(platformMark!, platform).replace(archMark!, arch);
        expect(existsSync(join(root, file)), file).toBe(true);
      }
    }
  });

  it("sets every fuse, each to what closes a door", () => {
    expect(config().electronFuses).toEqual({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      enableCookieEncryption: true,
      grantFileProtocolExtraPrivileges: false,
      loadBrowserProcessSpecificV8Snapshot: false,
    });
    expect(config()).toMatchObject({
      asar: { smartUnpack: false },
      asarUnpack: ["**/*.node"],
    });
  });
});

/** The PNG pictures in an .ico: width and height as listed and as drawn. */
function icoSizes(bytes: Buffer): number[] {
  return Array.from({ length: bytes.readUInt16LE(4) }, (_each, i) => {
    const at = 6 + 16 * i;
    const [length, offset] = [bytes.readUInt32LE(at + 8), bytes.readUInt32LE(at + 12)];
    const { width, height } = pngSize(bytes.subarray(offset, offset + length));
    expect([width, height]).toEqual([bytes[at] || 256, bytes[at + 1] || 256]);
    return width;
  });
}

function icnsSizes(bytes: Buffer): Record<string, number> {
  expect(bytes.toString("latin1", 0, 4)).toBe("icns");
  expect(bytes.readUInt32BE(4)).toBe(bytes.length);
  const sizes: Record<string, number> = {};
  for (let at = 8; at < bytes.length; at += bytes.readUInt32BE(at + 4)) {
    sizes[bytes.toString("latin1", at, at + 4)] = pngSize(bytes.subarray(at + 8)).width;
  }
  return sizes;
}

describe("the icon set", () => {
  const icons = join(root, config().directories.buildResources);
  const inIcons = (name: string): Buffer => readFileSync(join(icons, name));

  it.each(["icon", "crossover"])("%s.ico holds every size that Windows asks for", (name) => {
    expect(icoSizes(inIcons(`${name}.ico`))).toEqual([16, 24, 32, 48, 64, 128, 256]);
  });

  it.each(["icon", "crossover"])(
    "%s.icns holds every size, plain and for twice the density",
    (name) => {
      expect(icnsSizes(inIcons(`${name}.icns`))).toEqual({
        ...{ icp4: 16, icp5: 32, ic11: 32, icp6: 64, ic12: 64, ic07: 128 },
        ...{ ic08: 256, ic13: 256, ic09: 512, ic14: 512, ic10: 1024 },
      });
    },
  );

  it("has pictures of the sizes that Linux desktops look for, named by size", () => {
    for (const size of [16, 24, 32, 48, 64, 128, 256, 512]) {
      expect(pngSize(inIcons(`png/${size}x${size}.png`))).toEqual({ width: size, height: size });
    }
    const { linux, mac, win } = config();
    for (const { icon } of [linux, mac, win]) expect(existsSync(join(root, icon))).toBe(true);
  });
});
