import { Command, Option } from 'commander';
import { orderStatuses } from '../../domain/order-status.ts';
import { addBulkCommands } from './add-bulk-commands.ts';
import { addCapacityCommand } from './add-capacity-command.ts';
import { addChangeCommands } from './add-change-commands.ts';
import { addEndpointCommands } from './add-endpoint-commands.ts';
import { addInboxCommands } from './add-inbox-commands.ts';
import { addMessageCommands } from './add-message-commands.ts';
import { addEventCommands } from './add-event-commands.ts';
import { addPlaceCommands } from './add-place-commands.ts';
import { addReleaseCommands } from './add-release-commands.ts';
import { addServiceCommands } from './add-service-commands.ts';
import { exitCodes } from './cli-error.ts';
import { addFilters, type Run, type RunAlone } from './common-options.ts';
import { waitCauses } from '../../domain/waiting-order.ts';
import { runDoctorCommand } from './doctor.ts';
import { runGetCommand } from './get-order.ts';
import { runListCommand, type ListOptions } from './list-orders.ts';
import { runStuckCommand, type StuckOptions } from './list-stuck.ts';
import { runSagaCommand } from './show-saga.ts';
import { runWebUiCommand, type WebUiOptions } from './show-web-ui.ts';
import { runWatchCommand, type WatchOptions } from './watch-order.ts';

/** Creates the command line `orders`; wrong usage ends the process with exit code 2. */
export function createProgram(run: Run, runAlone: RunAlone): Command {
  const program = new Command('orders')
    .description('Places, follows and manages orders, and diagnoses problems.')
    .option('--url <url>', 'the API; by default ORDERS_URL, else the system that npm start runs')
    .option(
      '--token <jwt>',
      'the access token; by default ORDERS_TOKEN, else a new one for the system that npm start runs',
    )
    .option('--as <role:name>', 'for whom to sign a token of the system that npm start runs, such as customer:demo')
    .option('--json', 'JSON to standard output, problems as JSON to standard error')
    .showHelpAfterError('(see orders --help, or orders COMMAND --help)')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .addHelpText(
      'after',
      '\nAn ID is an order id or an order number. Exit code: 0 success, 1 refused or failed, 2 wrong usage, others as a command says. NO_COLOR turns colours off.',
    );
  addPlaceCommands(program, run);
  addReadCommands(program, run);
  addOperatorCommands(program, run);
  addChangeCommands(program, run);
  addBulkCommands(program, run);
  addMessageCommands(program, run);
  addInboxCommands(program, run);
  addEndpointCommands(program, run);
  addEventCommands(program, run);
  addReleaseCommands(program, runAlone);
  addServiceCommands(program, runAlone);
  addCapacityCommand(program, runAlone);
  return program;
}

function addReadCommands(program: Command, run: Run): void {
  program
    .command('get')
    .description('an order with its items and history')
    .argument('<id>')
    .action((id: string) => run((cli) => runGetCommand(cli, id)));
  addFilters(program.command('list').description('orders, the newest first'))
    .option('--limit <n>', 'how many a page holds, at most 200')
    .option('--cursor <cursor>', 'continue after the page that printed this cursor')
    .option('--all', 'every page')
    .action((options: ListOptions) => run((cli) => runListCommand(cli, options)));
  program
    .command('watch')
    .description('show each change of an order, until it is final')
    .argument('<id>')
    .addOption(new Option('--until <status>', 'or until it has this status').choices(orderStatuses))
    .addHelpText(
      'after',
      `\nExit code with --until: ${exitCodes.statusPassed} when the order had that status before, ${exitCodes.statusNeverReached} when it will never have it.`,
    )
    .action((id: string, options: WatchOptions) => run((cli) => runWatchCommand(cli, id, options)));
  program
    .command('saga')
    .description("the steps of an order's saga, and what to do when it needs attention")
    .argument('<id>')
    .action((id: string) => run((cli) => runSagaCommand(cli, id)));
}

function addOperatorCommands(program: Command, run: Run): void {
  program
    .command('stuck')
    .description('orders that wait for a service, a worker, a pause or an operator, longest wait first')
    .option('--step <name>', 'only those that wait in this step')
    .addOption(new Option('--cause <cause>', 'only those that wait for this reason').choices(waitCauses))
    .option('--since <time>', 'only those that have waited since this time or longer')
    .option('--all', 'every page')
    .action((options: StuckOptions) => run((cli) => runStuckCommand(cli, options)));
  program
    .command('ui')
    .description("addresses of ready lists in Temporal's Web UI")
    .option('--customer <id>', "the list of this customer's orders")
    .option('--order <number>', 'the list with this order')
    .option('--web-ui <url>', 'where the Web UI is; by default WEB_UI_URL, else that of npm start')
    .option('--namespace <name>', 'by default TEMPORAL_NAMESPACE, else that of npm start')
    .action((options: WebUiOptions) => run((cli) => runWebUiCommand(cli, options), { needsToken: false }));
  program
    .command('doctor')
    .description(
      'check the API, PostgreSQL, Temporal, the token and the clock, and list orders that wait or need attention',
    )
    .action(() => run((cli) => runDoctorCommand(cli), { needsToken: false }));
}
