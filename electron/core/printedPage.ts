/** The page of a caller as a PDF file, at a place that the person chose. */
import { ServiceError } from "../../shared/contract/errors.ts";
import type { CheckedParams, MethodResult } from "../../shared/contract/methods.ts";
import type { CoreConfig } from "./coreConfig.ts";
import type { Caller } from "./dispatch.ts";
import type { Services } from "./openServices.ts";

/** Sheets in a PDF file: its page objects, which Chromium writes as plain text. */
export function pagesOf(pdf: Uint8Array): number {
  return (
    Buffer.from(pdf)
      .toString("latin1")
      .match(/\/Type\s*\/Page(?![a-zA-Z])/g)?.length ?? 0
  );
}

/** Prints and writes; the token is used up. Throws ServiceError (badInput) where the host cannot print, (notFound) for an unknown token. */
export async function printPdf(
  { files, putFile }: Pick<Services, "files" | "putFile">,
  { printPdf: print }: Pick<CoreConfig, "printPdf">,
  { target, paper }: CheckedParams<"host.printPdf">,
  caller: Caller,
): Promise<MethodResult<"host.printPdf">> {
  if (print === undefined) {
    throw new ServiceError(
      "badInput",
      "This host does not print by itself. In a browser print the page with the browser's own dialog, and choose PDF there.",
    );
  }
  files.peek(target, "write");
  const pdf = await print(paper, caller);
  return files.use(target, "write", async ({ path, name }) => {
    putFile(path, pdf);
    return { fileName: name, bytes: pdf.length, pages: pagesOf(pdf) };
  });
}
