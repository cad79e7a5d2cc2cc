/** A value of one of the kinds that `Members` names, with the members of its kind. */
export type ByKind<Members, Kind extends keyof Members = keyof Members> = {
  [K in Kind]: { readonly kind: K } & Members[K];
}[Kind];

/** The facts about a fault that do not depend on what it is armed against. */
export interface FaultRow<Fault> {
  /** Its names in the features. */
  readonly words?: Readonly<Record<string, Fault>>;
  /** Its name in the report. */
  readonly describe: (fault: Fault) => string;
  /** True when it keeps a vault waiting: one that hangs up has met it then, and that is its point. */
  readonly isMetByHangingUp?: true;
}

/**
 * Returns the fault that a feature names.
 * @param who who misbehaves, and an answer of theirs that is a fault
 * @throws Error if there is none of that name
 */
export function faultNamed<Fault>(
  rows: Readonly<Record<string, { readonly words?: Readonly<Record<string, Fault>> }>>,
  words: string,
  [who, answer]: readonly [string, string],
): Fault {
  const named = new Map(Object.values(rows).flatMap((row) => Object.entries(row.words ?? {})));
  const fault = named.get(words);
  if (fault !== undefined) return fault;
  throw new Error(
    `${who} knows no fault "${words}"; it knows an answer such as "${answer}", and: ${[...named.keys()].join(', ')}`,
  );
}
