import { Then } from '@cucumber/cucumber';
import { keepPromisesInRound } from '../support/programs/drawn-round';
import type { VaultWorld } from '../support/world';

Then(
  'in round {int} the vault keeps its promises to {int} client(s) at once, whatever chance has drawn for them',
  async function (this: VaultWorld, number: number, clients: number) {
    const { environment, attach } = this;
    await keepPromisesInRound({ environment, attach, number, clients });
  },
);
