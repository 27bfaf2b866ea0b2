/** An answer that is an error of AWS. Operations throw it; their service writes it in its protocol. */
export class AwsError extends Error {
  readonly status: number;

  /** `name` is AWS's own: `ClientException`. `status` is the HTTP status, 400 for most of the caller's mistakes. */
  constructor(name: string, message: string, status = 400) {
    super(message);
    this.name = name;
    this.status = status;
  }
}
