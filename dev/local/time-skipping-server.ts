import { findJavaProgram, type JavaProgram, type JavaProgramOptions } from './java-program.ts';
import { TEST_SERVER_VERSION, testServerJars } from './time-skipping-server-jars.ts';

const server: JavaProgram = {
  title: `Temporal's time-skipping test server ${TEST_SERVER_VERSION}`,
  folder: `temporal-test-server-${TEST_SERVER_VERSION}`,
  program: 'temporal-test-server',
  command: 'io.temporal.testserver.TestServer',
  jars: testServerJars,
};

/** Returns the executable of a time-skipping test server for `TestWorkflowEnvironment.createTimeSkipping`; throws as {@link findJavaProgram} does. */
export async function findTimeSkippingServer(
  options: JavaProgramOptions,
): Promise<{ type: 'existing-path'; path: string }> {
  return { type: 'existing-path', path: await findJavaProgram(server, options) };
}
