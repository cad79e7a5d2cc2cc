Feature: Replay of real input
  Payloads that nobody here wrote break what invented ones do not.
  Set FIDELITY_CORPUS to a folder to replay its files; without it the suite's own payloads are replayed.

  Rule: Whatever real providers have sent comes back unchanged

    @core @FID-1 @FID-2 @FID-4
    Scenario: Every payload of the corpus goes through the vault
      Given a corpus of payloads
      When the vault ingests all of it from "github_audit"
      Then every payload of the corpus comes back byte for byte
