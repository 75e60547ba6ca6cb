/** A table with the cells of each row by header. */
export function table(
  header: readonly string[],
  rows: readonly Readonly<Record<string, string>>[],
  delimiter = ',',
): string {
  const lines = rows.map((row) => header.map((name) => row[name] ?? '').join(delimiter));
  return `${[header.join(delimiter), ...lines].join('\n')}\n`;
}
