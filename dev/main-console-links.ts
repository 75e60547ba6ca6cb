import { readRunningSystem } from '../src/cli/local-system/running-system.ts';
import { readTokenSettings } from '../src/cli/local-system/sign-token.ts';
import { makeConsoleLinks } from './local/console-links.ts';

const system = readRunningSystem();
const settings = readTokenSettings();
if (system && settings) {
  for (const { role, url } of await makeConsoleLinks(system.apiUrl.replace('127.0.0.1', 'localhost'), settings)) {
    process.stdout.write(`${role.padEnd(9)} ${url}\n`);
  }
} else {
  process.stderr.write('Nothing runs here: start it with npm start.\n');
  process.exitCode = 1;
}
