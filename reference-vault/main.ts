import { runVaultProcess } from './vault-process';

/** The reference vault as a process (`npm run vault`). */
runVaultProcess();
