import type { OrdersProblemError } from '../client/client.ts';

/** What the API says, with what it says of single fields. */
export function describeRefusal({ problem }: OrdersProblemError): string {
  const faults = problem.details.flatMap((detail) => {
    const { message, parameter } = detail;
    if (typeof message !== 'string') return [];
    return [typeof parameter === 'string' ? `“${parameter}” ${message}.` : message];
  });
  return [problem.detail, ...faults].join(' ');
}
