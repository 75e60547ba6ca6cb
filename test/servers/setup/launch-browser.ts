import { chromium, type Browser } from 'playwright-core';
import { findDebianProgram } from './find-program.ts';

/**
 * Starts a browser without a screen. Chromium's headless shell is preferred: the whole Chromium opens a window for each context and draws its frame,
 * which takes five times as much of the machine. Rejects with what to install when there is neither.
 */
export async function launchBrowser(args: readonly string[] = []): Promise<Browser> {
  const executablePath = await findDebianProgram('chromium-headless-shell', 'chromium-headless-shell').catch(() =>
    findDebianProgram('chromium', 'chromium'),
  );
  // Tests run as root, too, where Chromium's own sandbox does not.
  return await chromium.launch({ executablePath, args: ['--no-sandbox', ...args] });
}
