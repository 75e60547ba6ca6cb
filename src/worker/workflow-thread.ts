import { workerData } from 'node:worker_threads';
import { leaveOutStackTraces, leaveOutTimeLimit } from '../temporal/lean-workflows.ts';
import type { ThreadSettings } from './workflow-threads.ts';

/** The program of a workflow thread: the SDK's own, without what it is told to leave out. */
const { hasStackTraces, isLimited } = workerData as ThreadSettings;
if (!hasStackTraces) leaveOutStackTraces();
if (!isLimited) leaveOutTimeLimit();
await import('@temporalio/worker/lib/workflow/workflow-worker-thread.js');
