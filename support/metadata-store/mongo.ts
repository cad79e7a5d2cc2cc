/** The MongoDB of a run. */
export interface MongoServer {
  /** How the suite itself reaches it, past any gate. */
  readonly uri: string;
  /** What it is, for the output and the report; free of credentials. */
  readonly description: string;
  /** Whether it is a real one: the stand-in is not atomic everywhere (capability `@mongod`). */
  readonly kind: 'mongod' | 'stand-in';
  /** Ends it and awaits its end, if the suite started it. May be called twice. */
  stop(): Promise<void>;
}
