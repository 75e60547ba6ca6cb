import { Argument, type Command } from 'commander';
import { serviceNames, type CheckedService } from '../../config/service-settings.ts';
import { runCheckServiceCommand, runCheckServicesCommand, type CheckServiceOptions } from './check-service.ts';
import type { RunAlone } from './common-options.ts';

/** Adds what tries services against their protocol. */
export function addServiceCommands(program: Command, runAlone: RunAlone): void {
  const one = program
    .command('check-service')
    .description('try a service against its protocol, and say which promise it breaks and why that matters')
    .addArgument(new Argument('<service>').choices(serviceNames));
  withTrial(one).action((name: CheckedService, options: CheckServiceOptions) =>
    runAlone((output) => runCheckServiceCommand(output, name, { ...options, ...addressOf(program) })),
  );
  const all = program
    .command('check-services')
    .description('the same for every service that the settings have an address of');
  withTrial(all).action((options: CheckServiceOptions) =>
    runAlone((output) => runCheckServicesCommand(output, options)),
  );
}

/** `--url` is an option of every command, and here it is the service's. */
function addressOf(program: Command): Pick<CheckServiceOptions, 'serviceUrl'> {
  const { url } = program.opts<{ readonly url?: string }>();
  return url === undefined ? {} : { serviceUrl: url };
}

function withTrial(command: Command): Command {
  return command
    .option('--sku <sku>', 'inventory: a product with at least 3 units in stock')
    .option('--payment-method <token>', 'payment: a method that pays')
    .option('--declined-payment-method <token>', 'payment: a method that is declined')
    .option('--currency <code>', 'payment: the currency of the charges; EUR unless given')
    .option('--currencies <codes>', 'payment: others to try as well; JPY,KWD unless given')
    .option('--customer <id>', 'customer, notification and review: a customer that is active')
    .addHelpText(
      'after',
      '\nIt makes charges, reservations and messages of its own and takes them back; use services of tests. --url is the address of the service, else that of the settings (PAYMENT_URL …), as are the credentials.',
    );
}
