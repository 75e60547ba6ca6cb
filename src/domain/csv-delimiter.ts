/** What may separate the cells of a CSV, by the names that a caller may give it. */
export const csvDelimiters = {
  ',': ',',
  ';': ';',
  '|': '|',
  tab: '\t',
  comma: ',',
  semicolon: ';',
  pipe: '|',
} as const;

/** A name of a delimiter. */
export type CsvDelimiterName = keyof typeof csvDelimiters;

export const csvDelimiterNames = Object.keys(csvDelimiters) as CsvDelimiterName[];
