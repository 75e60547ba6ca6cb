import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { ImportCommandName, ImportCommandResult } from '../src/domain/import.ts';
import type { CommandMessages } from './receive-commands.ts';

const pauseImportUpdate = defineUpdate<ImportCommandResult, [unknown]>('pauseImport');
const resumeImportUpdate = defineUpdate<ImportCommandResult, [unknown]>('resumeImport');
const cancelImportUpdate = defineUpdate<ImportCommandResult, [unknown]>('cancelImport');

const pauseImportSignal = defineSignal<[unknown]>('pauseImport');
const resumeImportSignal = defineSignal<[unknown]>('resumeImport');
const cancelImportSignal = defineSignal<[unknown]>('cancelImport');

/** The commands of an import, each an update and a signal with the same name. */
export const importMessages: readonly CommandMessages<ImportCommandName, ImportCommandResult>[] = [
  {
    name: 'pauseImport',
    update: pauseImportUpdate,
    signal: pauseImportSignal,
    description: 'Places no more orders until it is resumed; orders under way go on. {"reason", "actor", "command_id"}',
  },
  {
    name: 'resumeImport',
    update: resumeImportUpdate,
    signal: resumeImportSignal,
    description: 'Goes on with a paused import. {"reason", "actor", "command_id"}',
  },
  {
    name: 'cancelImport',
    update: cancelImportUpdate,
    signal: cancelImportSignal,
    description:
      'Gives up every order that has not been placed; what is placed stays. {"reason", "actor", "command_id"}',
  },
];
