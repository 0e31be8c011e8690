/**
 * `npm run -s icons`: draws the icon set from the marks in electron/icons with a browser (Playwright's Chromium, or the system's),
 * and packs it for each system. The results are committed: packaging needs no browser.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium } from "playwright";
import { encodeIcns, encodeIco, type Picture } from "./iconFiles.ts";

const folder = join(import.meta.dirname, "../electron/icons");
const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024];
const smallest = 32;

async function draw(browser: Browser, svg: string, size: number): Promise<Picture> {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(
    `<style>html,body{margin:0;background:transparent}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`,
  );
  const png = await page.screenshot({ omitBackground: true });
  await page.close();
  return { size, png };
}

async function drawSet(browser: Browser, large: string, small: string): Promise<Picture[]> {
  const [largeSvg, smallSvg] = [large, small].map((name) =>
    readFileSync(join(folder, name), "utf8"),
  );
  const pictures: Picture[] = [];
  for (const size of sizes) {
    pictures.push(await draw(browser, size <= smallest ? smallSvg! : largeSvg!, size));
  }
  return pictures;
}

function pack(name: string, pictures: readonly Picture[]): void {
  const upTo256 = pictures.filter(({ size }) => size <= 256);
  writeFileSync(join(folder, `${name}.ico`), encodeIco(upTo256));
  writeFileSync(join(folder, `${name}.icns`), encodeIcns(pictures));
}

async function main(): Promise<void> {
  const system = "/usr/bin/chromium";
  const browser = await chromium.launch(existsSync(system) ? { executablePath: system } : {});
  try {
    const mark = await drawSet(browser, "mark.svg", "markSmall.svg");
    mkdirSync(join(folder, "png"), { recursive: true });
    for (const { size, png } of mark.filter((each) => each.size <= 512)) {
      writeFileSync(join(folder, `png/${size}x${size}.png`), png);
    }
    pack("icon", mark);
    pack("crossover", await drawSet(browser, "document.svg", "document.svg"));
  } finally {
    await browser.close();
  }
}

await main();
