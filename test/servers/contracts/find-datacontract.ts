import { join } from 'node:path';
import { installPythonProgram } from '../../setup/install-python-program.ts';

/** Returns the path of datacontract-cli in our cache, where it is installed the first time. */
export async function findDatacontract(): Promise<string> {
  return await installPythonProgram('datacontract', 'datacontract', join(import.meta.dirname, 'requirements.txt'));
}
