import { describe, it } from 'node:test';
import { World } from '@cucumber/cucumber';
import { expect } from 'chai';
import { setCurrentEnvironment } from './environments/current-environment';
import type { Environment } from './environments/environment';
import { BucketScript } from './object-store/bucket-script';
import { CONTRACT_PROFILE } from './profile/profile';
import { ProviderScript } from './provider/provider-script';
import { VaultWorld } from './world';

/** As many as a newcomer can hold in their head; what only some steps need is a helper. */
const MOST_MEMBERS = 15;

describe('the World', () => {
  it(`has at most ${MOST_MEMBERS} members`, () => {
    const provider = new ProviderScript('key');
    const environment = {
      provider,
      bucket: new BucketScript(),
      profile: CONTRACT_PROFILE,
      vault: { baseUrl: 'http://127.0.0.1', crash: () => undefined },
      secrets: [],
      runId: '0a1b2c',
      nextScenarioNumber: () => 1,
    } as unknown as Environment;
    setCurrentEnvironment(environment);
    const options = { parameters: {}, attach: () => undefined, log: () => undefined, link: () => undefined };
    const world = new VaultWorld(options as never);
    setCurrentEnvironment(undefined);
    const members = [...Object.keys(world), ...Object.getOwnPropertyNames(VaultWorld.prototype)];
    const cucumbers = [...Object.keys(new World(options as never)), 'constructor'];
    expect(members.filter((member) => !cucumbers.includes(member))).to.have.length.of.at.most(MOST_MEMBERS);
  });
});
