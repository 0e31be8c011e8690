/** A page of the app as PDF: what its style sheets say for print, with the number of each page at its foot. */
import type { PaperSize } from "../../shared/contract/hostMethods.ts";
import type { Caller } from "../core/dispatch.ts";
import { windowOf } from "./windows.ts";

/** Chromium from 131 on numbers the pages by the style sheet; before, a footer does. */
const numbersPages = Number(process.versions.chrome.split(".")[0]) >= 131;

/** Inches; renderer/theme/share.css says the same for a browser's own print dialog. */
const margins = { top: 0.55, bottom: 0.7, left: 0.55, right: 0.55 };

const footer =
  '<div style="width: 100%; padding: 0 0.55in; font: 8px sans-serif; color: #6e6554; text-align: right">' +
  '<span class="pageNumber"></span> / <span class="totalPages"></span></div>';

/** The calling page's PDF. Throws ServiceError (refused) for a caller that is no page of ours. */
export async function printCallersPage(paper: PaperSize, caller: Caller): Promise<Uint8Array> {
  return windowOf(caller).webContents.printToPDF({
    ...{ pageSize: paper, printBackground: true, margins },
    ...{
      displayHeaderFooter: !numbersPages,
      headerTemplate: "<span></span>",
      footerTemplate: footer,
    },
  });
}
