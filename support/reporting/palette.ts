export type Paint = (text: string) => string;

/** The few colours a run is printed in; each is the identity where colour is unwelcome. */
export interface Palette {
  readonly bold: Paint;
  readonly faint: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly cyan: Paint;
}

/** Says whether to colour: FORCE_COLOR decides if it is set, then NO_COLOR, then whether a person watches. */
export function wantsColour(env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  return isTerminal && env.TERM !== 'dumb';
}

export function paletteFor(colour: boolean): Palette {
  const paint =
    (start: number, end: number): Paint =>
    (text) =>
      colour ? `\u001b[${start}m${text}\u001b[${end}m` : text;
  return {
    bold: paint(1, 22),
    faint: paint(2, 22),
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
    cyan: paint(36, 39),
  };
}
