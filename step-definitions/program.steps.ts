import { Then } from '@cucumber/cucumber';
import type * as drawnRound from '../support/programs/drawn-round';
import type { VaultWorld } from '../support/world';

Then(
  'in round {int} the vault keeps its promises to {int} client(s) at once, whatever chance has drawn for them',
  async function (this: VaultWorld, number: number, clients: number) {
    // Most runs of a part have no use for all that can be drawn, which takes a while to load.
    const round = require('../support/programs/drawn-round') as typeof drawnRound;
    const { environment, attach } = this;
    await round.keepPromisesInRound({ environment, attach, number, clients });
  },
);
