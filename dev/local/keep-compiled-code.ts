// Loaded before a process's own code (`node --import`): a process that comes back after a crash finds its code compiled, which
// saves a third of the processor time that its start takes.
import module from 'node:module';

// Everything is loaded by then; a process that is killed could not write it at its end.
const LOADED_AFTER_MS = 5_000;

module.enableCompileCache();
setTimeout(() => {
  module.flushCompileCache();
}, LOADED_AFTER_MS).unref();
