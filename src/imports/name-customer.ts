import { createHash } from 'node:crypto';
import type { FileOrder } from '../domain/file-order.ts';
import type { ImportDefaults } from '../domain/import-columns.ts';

/**
 * Who an order of another system's file is of: whom the file, or the caller, names by an id. A customer whom the file only describes gets an id
 * of their own, where `mayName` says so, and is else the installation's default; null where there is none.
 */
export function customerIdOf(file: FileOrder, { customerId }: ImportDefaults, mayName: boolean): string | null {
  const { id, name, email } = file.customer;
  if (id !== null) return id;
  if (mayName && (email ?? name) !== null) return nameCustomer(file);
  return customerId ?? (mayName ? nameCustomer(file) : null);
}

/**
 * Names a customer whom nobody has named: the same e-mail address, or else the same name and postal code, is the same customer. A hash,
 * since a customer's id is shown where nothing personal may be.
 */
export function nameCustomer({ customer, shippingAddress }: FileOrder): string {
  const { email, name } = customer;
  const known = email ?? [name ?? shippingAddress.name, shippingAddress.postal_code ?? shippingAddress.city].join('\n');
  return `file:${createHash('sha256').update(known.trim().toLowerCase()).digest('hex').slice(0, 20)}`;
}
