Feature: Coalescing
  Several auditors ask for the same range at once.
  A vault that collects the range once for each of them overloads its provider; one that confuses two ranges leaves a gap.

  Rule: While a job is active, nobody gets a second one for the same range

    @extended @CON-11
    Scenario: Twenty auditors ask for the same range at once
      Given the provider "okta_system_log" offers 12 logs
      And the provider holds back its listing
      When 20 auditors at once ask the vault to ingest the provider's logs
      Then the auditors are given the same job
      When the provider answers at last
      Then the job completes
      And it counts 12 logs, to the byte

    @extended @CON-11
    Scenario: Twenty auditors ask for a range that the vault is working on
      Given the provider "okta_system_log" offers 12 logs
      And the provider holds back its listing
      And the vault is at work on the provider's logs
      When 20 auditors at once ask the vault to ingest the provider's logs
      Then the auditors are given the active job
      When the provider answers at last
      Then the job completes
      And it counts 12 logs, to the byte

    @extended @CON-11
    Scenario: Auditors write the same times in different ways
      Given the provider "okta_system_log" offers the log "login"
      And the provider holds back its listing
      And the vault is at work on the provider's logs
      When auditors at once ask the vault to ingest the same range, with these endings of its times
        | ending        |
        | Z             |
        |        +00:00 |
        |           .0Z |
        |         .000Z |
        | .000000+00:00 |
      Then the auditors are given the active job
      When the provider answers at last
      Then the job completes

    @extended @CON-11
    Scenario: An auditor asks again with high priority
      Given the provider "okta_system_log" offers the log "login"
      And the provider holds back its listing
      And the vault is at work on the provider's logs
      When an auditor asks the vault to ingest the same range with the priority "high"
      Then the auditor is given the active job
      When the provider answers at last
      Then the job completes

    @extended @CON-11
    Scenario: A range that ends a moment later is another range
      Given the provider "okta_system_log" offers the log "login"
      And the provider "okta_system_log" offers the log "midnight", dated at the very end of the day
      And the provider holds back its listing
      And the vault is at work on the provider's logs
      When an auditor asks the vault to ingest a range that ends a millisecond later
      Then the auditor is given another job
      When the provider answers at last
      Then every job completes
      And search finds "midnight" once

    @extended @CON-11
    Scenario: A range that begins a moment earlier is another range
      Given the provider "okta_system_log" offers the log "login"
      And the provider "okta_system_log" offers the log "eve", dated just before the day
      And the provider holds back its listing
      And the vault is at work on the provider's logs
      When an auditor asks the vault to ingest a range that begins a millisecond earlier
      Then the auditor is given another job
      When the provider answers at last
      Then every job completes
      And search finds "eve" once
