import type { Guard } from './guard.ts';

const unreadable: Guard['test'] = [
  'test/workflows/direct-commands.test.ts',
  'a command that came past the API > is refused when it can not be read, by signal and by update, and the order obeys the next good one',
];

const marked: Guard['test'] = [
  'test/workflows/direct-commands.test.ts',
  'a command that came past the API > acts as the one that it says it is, marked as unchecked, in the history and in the audit log',
];

/** What keeps commands that come past the API from doing harm, and workflows from being wedged unnoticed. */
export const directCommandGuards: readonly Guard[] = [
  {
    name: 'a message that can not be decoded fails no workflow task',
    file: 'workflows/payload-converter.ts',
    find: '    } catch (error) {\n',
    replace:
      "    } catch (error) {\n      if (context?.type === 'workflow') throw new TypeError('Unknown encoding');\n",
    test: unreadable,
  },
  {
    name: 'a signal with a reserved name fails no workflow task',
    file: 'workflows/reserved-signals.ts',
    find: "const RESERVED = '__temporal_';",
    replace: "const RESERVED = 'none';",
    test: unreadable,
  },
  {
    name: 'the actor of a command that came past the API is marked',
    file: 'src/domain/direct-command.ts',
    find: "const DIRECT_ACTOR = 'temporal:';",
    replace: "const DIRECT_ACTOR = '';",
    test: marked,
  },
  {
    name: 'a command that came past the API is audited',
    file: 'workflows/receive-commands.ts',
    find: '  if (!isApiMessage(args[0])) await auditAccepted(',
    replace: '  if (args.length === 0) await auditAccepted(',
    test: marked,
  },
  {
    name: 'a workflow whose tasks fail needs attention',
    file: 'src/temporal/reconciler/read-workflow-state.ts',
    find: '    if (attempts === undefined) return readRunning(described);\n',
    replace: '    if (attempts === undefined || attempts > 0) return readRunning(described);\n',
    test: [
      'test/workflows/failing-tasks.test.ts',
      'an order that waits for a service needs no attention any more once its tasks succeed again',
    ],
  },
];
