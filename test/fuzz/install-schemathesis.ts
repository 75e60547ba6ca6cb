import { join } from 'node:path';
import { installPythonProgram } from '../setup/install-python-program.ts';

/** The path of schemathesis in exactly the files of `requirements.txt`, installed where it is not there yet. */
export async function installSchemathesis(): Promise<string> {
  return await installPythonProgram('schemathesis', 'st', join(import.meta.dirname, 'requirements.txt'));
}
