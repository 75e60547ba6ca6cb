// Loaded before a process's own code (`node --import`): ends the process when its parent has ended.

// Work in progress may finish, but not for long: nobody waits for it any more.
const GRACE_MS = 5_000;

process.on('disconnect', () => {
  setTimeout(() => process.exit(1), GRACE_MS).unref();
  process.kill(process.pid, 'SIGTERM');
});
// The channel alone must not keep the process alive.
process.channel?.unref();
