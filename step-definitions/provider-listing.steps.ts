import { Given } from '@cucumber/cucumber';
import { oddCursor } from '../support/scenario/provider-oddities';
import type { VaultWorld } from '../support/world';

Given('it lists {count of logs} a page', function (this: VaultWorld, pageLogs: number) {
  this.provider.pageLogs = pageLogs;
});

Given(
  'its listing has {int} empty page(s) before each further page',
  function (this: VaultWorld, emptyPages: number) {
    this.provider.emptyPages = emptyPages;
  },
);

Given('its listing begins and ends with an empty page', function (this: VaultWorld) {
  this.provider.emptyEnds = true;
});

Given('the cursor to its second page is {}', function (this: VaultWorld, words: string) {
  this.provider.cursorTexts = [oddCursor(words)];
});

Given('it compresses its listing for clients that accept compression', function (this: VaultWorld) {
  this.provider.compressedListings = true;
});
