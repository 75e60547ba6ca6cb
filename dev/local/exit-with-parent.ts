// Loaded before a process's own code (`node --import`): ends the process when its parent has ended.

// The parent is gone, so the process gets a short time to finish its work and then exits.
const GRACE_MS = 5_000;

process.on('disconnect', () => {
  setTimeout(() => process.exit(1), GRACE_MS).unref();
  process.kill(process.pid, 'SIGTERM');
});
// The channel alone must not keep the process alive.
process.channel?.unref();
