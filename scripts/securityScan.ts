/** Words that must not stand in the program's source: settings that open a door (security items 2 to 6 and 8 to 11). */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A word, and the item of the list that it breaks. */
interface ForbiddenWord {
  readonly item: string;
  readonly pattern: RegExp;
}

/** By item of the official list. */
export const forbiddenWords: readonly ForbiddenWord[] = [
  { item: "2", pattern: /nodeIntegration\w*\s*:(?!\s*false\b)/ },
  { item: "3", pattern: /contextIsolation\s*:(?!\s*true\b)/ },
  { item: "4", pattern: /\bsandbox\s*:(?!\s*true\b)/ },
  { item: "4", pattern: /appendSwitch\(\s*["'`](no-sandbox|disable-setuid-sandbox)/ },
  { item: "6", pattern: /webSecurity|disable-web-security/ },
  { item: "7", pattern: /bypassCSP|unsafe-inline|unsafe-eval/ },
  { item: "8", pattern: /allowRunningInsecureContent/ },
  { item: "9", pattern: /experimentalFeatures/ },
  { item: "10", pattern: /enableBlinkFeatures|enable-blink-features/ },
  { item: "11", pattern: /webviewTag\s*:(?!\s*false\b)|<webview/ },
  { item: "18", pattern: /\bloadFile\(|loadURL\(\s*["'`](?!app:|\$\{pageOrigin\})/ },
  { item: "18", pattern: /corsEnabled|allowServiceWorkers/ },
  { item: "1", pattern: /ignore-certificate-errors|setCertificateVerifyProc/ },
];

/** Items of which a text has forbidden words. */
export function forbiddenIn(text: string): string[] {
  return forbiddenWords.filter(({ pattern }) => pattern.test(text)).map(({ item }) => item);
}

const scanned = /\.(ts|tsx|html)$/;

/** Files under the folders with forbidden words, as "path: item N". */
export function scanFolders(root: string, folders: readonly string[]): string[] {
  const visit = (folder: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return visit(path);
      if (!scanned.test(path) || /\.test\.tsx?$/.test(path)) return [];
      const found = forbiddenIn(readFileSync(join(root, path), "utf8"));
      return found.map((item) => `${path}: item ${item}`);
    });
  return folders.flatMap(visit);
}
