import { log, proxyActivities } from '@temporalio/workflow';

const { sing } = proxyActivities<{ sing: () => Promise<void> }>({
  startToCloseTimeout: '10s',
  retry: { maximumAttempts: 1 },
});

/** Logs an error of its own, and runs an activity that fails. */
export async function singing(): Promise<void> {
  log.error('canary in the workflow', { error: new RangeError('the workflow canary sings') });
  await sing();
}
