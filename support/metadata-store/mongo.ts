/** The MongoDB of a run. */
export interface MongoServer {
  /** The URI by which the suite itself reaches it, past any gate. */
  readonly uri: string;
  /** Its name, for the output and the report; free of credentials. */
  readonly description: string;
  /** `mongod` for a real one: the stand-in is not atomic everywhere (capability `@mongod`). */
  readonly kind: 'mongod' | 'stand-in';
  /** Ends it and awaits its end, if the suite started it. May be called twice. */
  stop(): Promise<void>;
}
