Feature: Replay of real input
  Real payloads find faults that invented ones do not.
  Set FIDELITY_CORPUS to a folder to replay its files; without it the suite's own payloads are replayed.

  Rule: Every payload that real providers have sent comes back unchanged

    @core @FID-1 @FID-2 @FID-4
    Scenario: Every payload of the corpus goes through the vault
      Given a corpus of payloads
      When the vault ingests the whole corpus from "github_audit"
      Then every payload of the corpus comes back byte for byte
