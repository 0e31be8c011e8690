/** Version of the simulation's meaning: it changes when the same scenario and seed may give another result. */
export const engineVersion = "1.0.0";
