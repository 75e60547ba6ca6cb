import { isUuid } from '../../domain/uuid.ts';
import type { Cli } from './connect.ts';

/** The id of an order that is given by it, or by its number. */
export async function findOrderId({ client }: Cli, idOrNumber: string): Promise<string> {
  return isUuid(idOrNumber) ? idOrNumber : (await client.getOrder({ id: idOrNumber })).id;
}
