/** Something that keeps a promise, how to take it out of the code, and the test that must then fail. */
export interface Guard {
  readonly name: string;
  readonly file: string;
  /** Stands in the file exactly once, or the table is out of date. */
  readonly find: string;
  readonly replace: string;
  /** A test file and the title of a test in it, after the titles of what it is in. */
  readonly test: readonly [file: string, title: string];
  /** What the failure says when it is not one of the test's own assertions, such as the refusal of another guard. */
  readonly fails?: string;
}
