/** The command with `Ref::name` replaced by the parameter of that name; names that nobody gave stay as they are. */
export function withParameters(command: readonly string[], parameters: Readonly<Record<string, string>>): string[] {
  return command.map((word) =>
    word.replace(/Ref::([A-Za-z0-9_-]+)/g, (reference, name: string) =>
      Object.hasOwn(parameters, name) ? parameters[name]! : reference,
    ),
  );
}
