/** What an action says while it works. `report/` turns it into lines; actions never print. */
export interface Progress {
  /** A new phase: `Pushing 2 layers`. */
  step(text: string): void;
  info(text: string): void;
  warn(text: string): void;
}

export interface ProgressWithOutput extends Progress {
  /** A line that something else wrote: the log of a job. It is shown, and not kept in the result. */
  output(line: string): void;
}
