import { z } from "zod";

/** The schema of the answer that some questions want. */
export const Forecast = z.object({
  days: z.array(
    z.object({ sky: z.enum(["sunny", "cloudy"]), degrees: z.number().int() }),
  ),
});
