import fc from 'fast-check';

/** The seed of every property test: the same in each run, so that a run repeats the one before, or another one by `PROPERTY_SEED`. */
export const propertySeed = Number(process.env['PROPERTY_SEED'] ?? 20_261_126);

fc.configureGlobal({ seed: propertySeed });
