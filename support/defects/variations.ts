import type { Variation } from './defect';

/** What a right vault may do otherwise than the reference vault. */
export const variations: readonly Variation[] = [];
