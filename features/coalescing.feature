Feature: Coalescing
  Several auditors ask for the same range at once.
  A vault that works for each of them anew wears out its provider, and one that takes another range for theirs leaves a gap.

  Rule: While a job is active nobody gets a second one for its range

    @extended @CON-11
    Scenario: Twenty auditors ask for the same range at once
      Given the provider "okta_system_log" offers 12 distinct logs
      And the provider holds back its listing
      When 20 auditors ask at once for the provider's logs
      Then all of them are given the same job
      And once the provider goes on that job completes
      And it counts 12 records and their bytes

    @extended @CON-11
    Scenario: Twenty auditors ask for what the vault is working on
      Given the provider "okta_system_log" offers 12 distinct logs
      And the provider holds back its listing
      And the vault is at work on the provider's logs
      When 20 auditors ask at once for the provider's logs
      Then all of them are given the job that is under way
      And once the provider goes on that job completes
      And it counts 12 records and their bytes

    @extended @CON-11
    Scenario: Auditors write the same instants in other ways
      Given the provider "okta_system_log" offers the log "login"
      And the provider holds back its listing
      And the vault is at work on the provider's logs
      When auditors ask at once for the same range, its ends spelt like these
        | ending        |
        | Z             |
        |        +00:00 |
        |           .0Z |
        |         .000Z |
        | .000000+00:00 |
      Then all of them are given the job that is under way
      And once the provider goes on that job completes

    @extended @CON-11
    Scenario Outline: An auditor asks again, with the priority "<priority>"
      Given the provider "okta_system_log" offers the log "login"
      And the provider holds back its listing
      And the vault is at work on the provider's logs
      When an auditor asks for the same range with the priority "<priority>"
      Then all of them are given the job that is under way
      And once the provider goes on that job completes

      Examples:
        | priority |
        | high     |
        | low      |

    @extended @CON-11
    Scenario: A range that ends a moment later is another range
      Given the provider "okta_system_log" offers the log "login"
      And the provider "okta_system_log" offers the log "midnight" at the very end of the day
      And the provider holds back its listing
      And the vault is at work on the provider's logs
      When an auditor asks for a range that ends a millisecond later
      Then the auditor is given another job
      And once the provider goes on every job completes
      And search finds "midnight" once

    @extended @CON-11
    Scenario: A range that begins a moment earlier is another range
      Given the provider "okta_system_log" offers the log "login"
      And the provider "okta_system_log" offers the log "eve" just before the day
      And the provider holds back its listing
      And the vault is at work on the provider's logs
      When an auditor asks for a range that begins a millisecond earlier
      Then the auditor is given another job
      And once the provider goes on every job completes
      And search finds "eve" once
