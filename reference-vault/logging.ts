/** Members of one log line. Never keys, never payloads. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** One call, one event. */
export interface Logger {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** For a vault inside another process: says nothing. */
export const silentLogger: Logger = { info: () => {}, warn: () => {}, error: () => {} };

/** For a vault process: one JSON object a line. */
export function jsonLogger(write: (line: string) => void): Logger {
  const at =
    (level: string) =>
    (event: string, fields: LogFields = {}): void =>
      write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })}\n`);
  return { info: at('info'), warn: at('warn'), error: at('error') };
}
