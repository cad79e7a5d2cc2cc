Feature: Overlapping jobs
  Several jobs bring the same logs at the same time.
  A vault that then stores a log twice, or loses it between two jobs, cannot be relied on.

  Rule: Jobs whose ranges overlap share their logs

    @extended @CON-13
    Scenario: Overlapping ranges are ingested at once
      Given the provider "okta_system_log" offers 24 logs
      When the vault ingests these ranges of the logs at once
        | first | last |
        |     1 |   18 |
        |     7 |   24 |
        |     1 |   24 |
        |    10 |   15 |
      Then every job completes
      And the jobs together count each log and its bytes once
      And each log has one record and one object

    @extended @API-2 @CON-13
    Scenario: A second job is given a log that the first job is still uploading
      Given the provider "okta_system_log" offers the log "shared"
      And storage answers the first upload of "shared" with "silence"
      And the vault has begun to upload "shared"
      When the vault ingests the provider's logs from 00:00:00Z to 12:00:00Z
      Then a second job completes
      When storage recovers
      Then every job completes
      And the jobs together count each log and its bytes once

    @extended @CON-7 @CON-13
    Scenario: Two jobs at once bring different bytes for the same log
      Given the provider "okta_system_log" offers the log "shared"
      And storage answers the first upload of "shared" with "silence"
      And the vault has begun to upload "shared"
      And the provider now serves different bytes for "shared"
      When the vault ingests the provider's logs from 00:00:00Z to 12:00:00Z
      Then a second job completes
      When storage recovers
      Then every job completes
      And the raw answer, search, metadata and the stored object agree on the checksum of "shared"

    @extended @CON-7 @CON-13
    Scenario: A job gives an upload up, and tries it again after another job has stored different bytes for the log
      Given the provider "okta_system_log" offers the log "shared"
      And storage answers the first upload of "shared" with "silence"
      And the vault has begun to upload "shared"
      And the provider now serves different bytes for "shared"
      When the vault ingests the provider's logs from 00:00:00Z to 12:00:00Z
      Then a second job completes
      And every job completes
      And the raw answer, search, metadata and the stored object agree on the checksum of "shared"

  Rule: Two vaults on the same stores act as one

    @extended @CON-15 @mongod @settings
    Scenario: Twenty auditors ask two vaults for the same range at once
      Given a second vault on the same stores
      And the provider "okta_system_log" offers 12 logs
      And the provider holds back its listing
      When 20 auditors at once ask the vaults to ingest the provider's logs
      Then the auditors are given the same job
      When the provider answers at last
      Then the job completes
      And it counts 12 logs, to the byte

    @extended @CON-13 @CON-15 @mongod @settings
    Scenario: Overlapping ranges are ingested by two vaults at once
      Given a second vault on the same stores
      And the provider "okta_system_log" offers 24 logs
      When the two vaults ingest these ranges of the logs at once
        | first | last |
        |     1 |   18 |
        |     7 |   24 |
        |     1 |   24 |
        |    10 |   15 |
      Then every job completes
      And the jobs together count each log and its bytes once
      And each log has one record and one object
