import { Command, InvalidArgumentError } from 'commander';
import ms, { type StringValue } from 'ms';
import { readTokenSettings, signToken } from '../src/cli/local-system/sign-token.ts';

const roles = ['customer', 'service', 'support', 'operator', 'admin'];

const command = new Command('npm run -s token --')
  .description('Prints a token for the development system, signed with JWT_SECRET or the secret in its data directory.')
  .requiredOption('--sub <id>', 'whose token: the customer id, or the name of a service or person')
  .requiredOption('--role <role>', `one of ${roles.join(', ')}; may be given several times`, addRole)
  .option('--expires <duration>', 'how long it is valid, such as 15m, 1h or 30d', parseDuration, ms('1h'))
  .showHelpAfterError();

const options = command.parse().opts<{ sub: string; role: string[]; expires: number }>();
const settings = readTokenSettings();
if (!settings) {
  command.error('There is no secret to sign with yet: run npm start once, or set JWT_SECRET.');
} else {
  process.stdout.write(
    `${await signToken({ sub: options.sub, roles: options.role, expiresMs: options.expires }, settings)}\n`,
  );
}

function addRole(role: string, given: string[] = []): string[] {
  if (!roles.includes(role)) throw new InvalidArgumentError(`The roles are ${roles.join(', ')}.`);
  return [...given, role];
}

function parseDuration(text: string): number {
  const durationMs = ms(text as StringValue) as number | undefined;
  if (durationMs === undefined || !(durationMs > 0))
    throw new InvalidArgumentError('Give a duration such as 15m or 1h.');
  return durationMs;
}
