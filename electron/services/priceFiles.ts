/** Use case: the prices in a chosen file, to be looked at before anything of them is taken. */
import type { PriceFileReply } from "../../shared/contract/priceMethods.ts";
import { readPriceFile } from "../../shared/importers/priceFile.ts";
import { readJson } from "../../shared/schema/jsonText.ts";
import type { FileTokens } from "./fileTokens.ts";

/** LiteLLM's list has about 3 MB. */
const maxPriceFileBytes = 32 * 1024 * 1024;

interface PriceFilePorts {
  readonly files: FileTokens;
  readText(path: string, maxBytes: number, shownName: string): Promise<string>;
  /** Milliseconds since 1970. */
  now(): number;
}

/** Reads the prices of a chosen file; its token stays good. Throws InputError for a file without prices, or one that is no JSON. */
export async function readChosenPrices(
  { files, readText, now }: PriceFilePorts,
  token: string,
): Promise<PriceFileReply> {
  const { path, name } = await files.arrived(token);
  const value = readJson(await readText(path, maxPriceFileBytes, name), name);
  const readOn = new Date(now()).toISOString().slice(0, 10);
  const { form, models, offers, rejects } = readPriceFile(value, { fileName: name, readOn });
  return { fileName: name, form, models: [...models], offers: [...offers], rejects: [...rejects] };
}
