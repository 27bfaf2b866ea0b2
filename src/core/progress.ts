/** What an action says while it works. `report/` turns it into lines; actions never print. */
export interface Progress {
  /** A new phase: `Pushing 2 layers`. */
  step(text: string): void;
  info(text: string): void;
  warn(text: string): void;
}
