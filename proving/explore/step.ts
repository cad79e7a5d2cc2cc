import type { Auditor } from './auditor';
import type { Story } from './story';

/** One step of a program. Where it does not apply to what happened before, it does nothing and tells nothing. */
export type Step = (story: Story, auditor: Auditor) => Promise<void> | void;
