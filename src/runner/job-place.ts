/** The folders of one node of a job. All are absolute, and the same inside of a container. */
export interface JobPlace {
  /** Everything below is in it; removed when the job has ended. */
  readonly folder: string;
  readonly home: string;
  readonly temp: string;
  /** The file that every bash step reads first. */
  readonly bashEnv: string;
  /** Where the job's tools (`circleci`, `circleci-agent`) leave word for the runner, and find what they need. */
  readonly control: string;
}
