import { GatewayError } from './gateway-error.ts';

/** Creates something; that it is there already, as after a reply that was lost, is as good. */
export async function createUnlessThere(create: () => Promise<unknown>): Promise<void> {
  try {
    await create();
  } catch (error) {
    // A bare 409 may be a proxy's.
    if (!(error instanceof GatewayError) || error.status !== 409 || error.code === undefined) throw error;
  }
}
