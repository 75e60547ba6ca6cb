import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { useFirstThatWorks, type Progress, reportElapsed } from './attempts.ts';
import { cacheFolder, installInto } from './cache-folder.ts';
import { downloadProgram } from './download.ts';
import { findOnPath, runCommand } from './run-command.ts';
import type { FinderOptions } from './temporal-cli.ts';

/** The version of Temporal's time-skipping test server, which is released with the Java SDK. */
const TEST_SERVER_VERSION = '1.35.0';

// About forty jars, 40 MB in total.
const MAVEN_LIMIT_MS = 5 * 60_000;

/**
 * Returns the executable of a time-skipping test server for `TestWorkflowEnvironment.createTimeSkipping`, from our cache, a
 * download, or Maven with Java, in this order. Throws ProgramMissingError, which lists the attempts, when all fail.
 */
export async function findTimeSkippingServer({
  env = process.env,
  progress,
  cache = cacheFolder,
  releasesUrl = 'https://github.com/temporalio/sdk-java/releases/download',
}: FinderOptions): Promise<{ type: 'existing-path'; path: string }> {
  const cached = join(cache, `temporal-test-server-${TEST_SERVER_VERSION}`);
  const start = join(cached, 'temporal-test-server');
  const path = await useFirstThatWorks(
    "Temporal's time-skipping test server",
    [
      { what: cached, run: () => findExisting(start) },
      { what: 'download', run: () => downloadServer(cached, releasesUrl, progress) },
      { what: 'Maven', run: () => resolveWithMaven(cached, env, progress) },
    ],
    'Let this machine reach github.com, or install Java 17 and Maven.',
  );
  return { type: 'existing-path', path };
}

async function findExisting(path: string): Promise<string | undefined> {
  return await access(path).then(
    () => path,
    () => undefined,
  );
}

async function downloadServer(cached: string, releasesUrl: string, progress: Progress): Promise<string> {
  const platform = { darwin: 'macOS', win32: 'windows' }[process.platform as string] ?? process.platform;
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const url = `${releasesUrl}/v${TEST_SERVER_VERSION}/temporal-test-server_${TEST_SERVER_VERSION}_${platform}_${arch}.tar.gz`;
  return await reportElapsed(progress, `Downloading Temporal's test server ${TEST_SERVER_VERSION}`, async () => {
    await installInto(cached, async (folder) => {
      const made = join(folder, 'made');
      await mkdir(made);
      const program = await downloadProgram({ url, program: 'temporal-test-server' }, folder);
      await rename(program, join(made, 'temporal-test-server'));
      return made;
    });
    return join(cached, 'temporal-test-server');
  });
}

async function resolveWithMaven(
  cached: string,
  env: NodeJS.ProcessEnv,
  progress: Progress,
): Promise<string | undefined> {
  const maven = findOnPath('mvn', env);
  const java = findOnPath('java', env);
  if (maven === undefined || java === undefined) return undefined;
  return await reportElapsed(
    progress,
    `Fetching Temporal's test server ${TEST_SERVER_VERSION} with Maven`,
    async () => {
      await installInto(cached, async (folder) => {
        const made = join(folder, 'made');
        await mkdir(made);
        await writeFile(join(folder, 'pom.xml'), pom);
        const args = ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${join(made, 'lib')}`];
        await runCommand(maven, args, { env, cwd: folder, limitMs: MAVEN_LIMIT_MS });
        const script = `#!/bin/sh\nexec java -cp "$(dirname "$0")/lib/*" io.temporal.testserver.TestServer "$@"\n`;
        await writeFile(join(made, 'temporal-test-server'), script, { mode: 0o755 });
        return made;
      });
      return join(cached, 'temporal-test-server');
    },
  );
}

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>order-saga</groupId>
  <artifactId>test-server</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>io.temporal</groupId>
      <artifactId>temporal-test-server</artifactId>
      <version>${TEST_SERVER_VERSION}</version>
    </dependency>
    <!-- Without a binding the server's logging says at every start that it has none. -->
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-nop</artifactId>
      <version>1.7.36</version>
    </dependency>
  </dependencies>
</project>
`;
