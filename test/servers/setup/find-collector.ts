import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { stringify } from 'yaml';
import { useFirstThatWorks } from '../../../dev/local/attempts.ts';
import { cacheFolder, installInto } from '../../../dev/local/cache-folder.ts';
import { findOnPath, runCommand } from '../../../dev/local/run-command.ts';
import { BUILD_LIMIT_MS, findGoProgram } from './find-program.ts';

const VERSION = 'v0.165.0';
const MODULE = 'go.opentelemetry.io/collector';

/** Returns the path of an OpenTelemetry Collector in our cache, where its own builder makes it the first time. Rejects with what to install when it can't. */
export async function findCollector(env = process.env): Promise<string> {
  const target = join(cacheFolder, `collector-${VERSION}`);
  return await useFirstThatWorks(
    'an OpenTelemetry Collector',
    [
      { what: target, run: async () => findOnPath(basename(target), { PATH: cacheFolder }) },
      { what: `${MODULE}/cmd/builder@${VERSION}`, run: () => build(target, env) },
    ],
    'Install Go (https://go.dev/dl, or apt-get install golang), so that it can be built once.',
  );
}

async function build(target: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const go = findOnPath('go', env);
  if (go === undefined) return undefined;
  const builder = await findGoProgram(
    { name: 'collector-builder', source: `${MODULE}/cmd/builder`, version: VERSION },
    env,
  );
  process.stderr.write(`Building an OpenTelemetry Collector ${VERSION} with Go, once …\n`);
  return await installInto(target, async (folder) => {
    const manifest = join(folder, 'manifest.yaml');
    const output = join(folder, 'made');
    await writeFile(manifest, stringify(describeCollector(go, output)));
    await runCommand(builder, ['--config', manifest], { env, limitMs: BUILD_LIMIT_MS });
    return join(output, NAME);
  });
}

const NAME = 'collector';

/** It takes traces by OTLP, and passes them on in the same way. */
function describeCollector(go: string, output: string): object {
  return {
    dist: { name: NAME, module: 'order-saga/collector', version: VERSION.slice(1), output_path: output, go },
    receivers: [{ gomod: `${MODULE}/receiver/otlpreceiver ${VERSION}` }],
    exporters: [{ gomod: `${MODULE}/exporter/otlphttpexporter ${VERSION}` }],
  };
}
