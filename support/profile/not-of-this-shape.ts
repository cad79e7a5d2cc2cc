/**
 * What a scenario needs, a vault of this shape cannot be given: its provider has no such call, nothing tells
 * two uploads apart, … The scenario is skipped with this reason, never passed (contract, section 8).
 */
export class NotOfThisShape extends Error {
  override readonly name = 'NotOfThisShape';
}
