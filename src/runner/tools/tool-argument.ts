/** The first argument by which the program knows that it was started as a tool of a job. */
export const TOOL_ARGUMENT = '__tool';
