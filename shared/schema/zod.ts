/** The one place where zod is configured: no generated code, so that schemas also work under a strict content policy. */
import * as z from "zod";

z.config({ jitless: true });

export { z };
