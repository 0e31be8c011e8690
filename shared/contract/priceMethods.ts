/** Methods about price files: read and shown before anything of them enters a scenario. */
import { gpuOfferSchema, rateCardSchema } from "../schema/catalog.ts";
import { z } from "../schema/zod.ts";
import { fileTokenParam, method } from "./common.ts";

export const priceFileSchema = z.strictObject({
  fileName: z.string(),
  form: z.enum(["catalog", "scenario", "litellm"]),
  models: z.array(
    z.strictObject({ id: z.string(), name: z.string(), model: z.string(), price: rateCardSchema }),
  ),
  offers: z.array(gpuOfferSchema),
  /** Entries that could not be read, and why. */
  rejects: z.array(z.strictObject({ entry: z.string(), reason: z.string() })),
});
export type PriceFileReply = z.infer<typeof priceFileSchema>;

export const priceMethods = {
  /** The prices in a chosen file: the catalog's form, a scenario, or LiteLLM's list. Nothing is changed; the token stays good. */
  "prices.read": method(z.strictObject({ file: fileTokenParam }), priceFileSchema),
};
