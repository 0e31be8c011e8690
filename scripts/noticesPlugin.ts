/**
 * Vite plugin: the notices of every package whose code is in the built program, read from the packages themselves while they are
 * bundled, so that none can be missing. Written to out/THIRD_PARTY_NOTICES.txt, which is shipped.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Plugin } from "vite";

/** A package in the built program. */
export interface Bundled {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** Its licence and notice files, whole; empty where the package has none. */
  readonly texts: readonly string[];
}

const noticeFile = /^(licen[cs]e|copying|notice)(\.(md|txt))?(-\w+)?$/i;

/** Folder of the package that a module belongs to; undefined for our own modules and virtual ones. */
export function packageFolder(moduleId: string): string | undefined {
  const path = moduleId.replace(/^\0/, "").split("?")[0]!;
  const found = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(path);
  return found?.[1];
}

/** What a package says of itself. Throws for one without a licence: it may not be shipped. */
export function readBundled(folder: string): Bundled {
  const { name, version, license } = JSON.parse(
    readFileSync(join(folder, "package.json"), "utf8"),
  ) as { name: string; version: string; license?: unknown };
  if (typeof license !== "string") throw new Error(`${name} ${version} names no licence`);
  const texts = readdirSync(folder)
    .filter((file) => noticeFile.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), "utf8").trim());
  return { name, version, licence: license, texts };
}

const head = `Software of others in Crossover, and its licences
=================================================

Electron and Chromium have theirs in LICENSE.electron.txt and LICENSES.chromium.html beside the program.
`;

/** The text of the notices, in the order of names. */
export function noticesText(packages: readonly Bundled[]): string {
  const order = [...packages].sort((a, b) => (a.name < b.name ? -1 : 1));
  const parts = order.map(({ name, version, licence, texts }) => {
    const title = `${name} ${version} (${licence})`;
    const own = texts.length > 0 ? texts : [`Licence: ${licence}.`];
    return `${title}\n${"-".repeat(title.length)}\n\n${own.join("\n\n")}\n`;
  });
  return [head, ...parts].join("\n\n");
}

/** Collects over all bundles of one build; `shipped` are folders of packages that are shipped as they are. */
export function noticesPlugin(file: string, shipped: readonly string[]): Plugin {
  let root = "";
  const folders = new Set(shipped);
  return {
    name: "crossover:notices",
    sharedDuringBuild: true,
    configResolved(config) {
      root = config.root;
    },
    generateBundle(_options, bundle) {
      // Fonts come through style sheets, which are no modules: their files name where they are from.
      const assets = Object.values(bundle).flatMap((file) =>
        file.type === "asset" ? file.originalFileNames.map((name) => resolve(root, name)) : [],
      );
      for (const id of [...this.getModuleIds(), ...assets]) {
        const folder = packageFolder(id);
        if (folder !== undefined && existsSync(join(folder, "package.json"))) folders.add(folder);
      }
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, noticesText([...folders].map(readBundled)));
    },
  };
}
