Feature: Idempotency and races
  Auditors ask twice, and several of them ask at once.
  A vault that then stores a log twice, or loses it between two jobs, cannot be counted on.

  Rule: A range that is ingested again stores only what is new

    @extended @CON-10
    Scenario: The same range is ingested twice in a row
      Given the provider "okta_system_log" offers 12 distinct logs
      And the vault ingested the provider's logs, and the job completed
      When the vault ingests the same range again
      Then another job than the first completes
      And it counts 0 records and their bytes
      And the metadata of each log is as the first job left it
      And each log has one record and one object

    @extended @CON-10
    Scenario: By the second time the provider has one log more
      Given the provider "okta_system_log" offers 5 distinct logs
      And the vault ingested the provider's logs, and the job completed
      And the provider "okta_system_log" offers the log "latecomer"
      When the vault ingests the same range again
      Then another job than the first completes
      And it counts the record and the bytes of "latecomer" alone
      And each log has one record and one object

    @extended @CON-12
    Scenario Outline: The provider dates a log anew, <later> later
      Given the provider "okta_system_log" offers the log "login"
      And the vault ingested the provider's logs, and the job completed
      And the provider now says that "login" happened <later> later
      When the vault ingests the same range again
      Then another job than the first completes
      And it counts 0 records and their bytes
      And search finds "login" once
      And the metadata of "login" is unchanged
      And the bucket holds one object for "login"

      Examples:
        | later   |
        | an hour |
        | a day   |

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

  Rule: Jobs whose ranges overlap share their logs

    @extended @CON-13
    Scenario: Overlapping ranges are ingested at once
      Given the provider "okta_system_log" offers 24 distinct logs
      When the vault ingests these stretches of the logs at once
        | first | last |
        |     1 |   18 |
        |     7 |   24 |
        |     1 |   24 |
        |    10 |   15 |
      Then every job completes
      And the jobs together count each log and its bytes once
      And each log has one record and one object

    @extended @API-2 @CON-13
    Scenario: A log is listed to a second job while the first still uploads it
      Given the provider "okta_system_log" offers the log "shared"
      And the first upload of "shared" gets no answer
      And the vault has begun to upload "shared"
      When the vault ingests a range that overlaps with the first
      Then another job than the first completes
      And after storage recovers every job completes
      And the jobs together count each log and its bytes once

    @extended @CON-7 @CON-13
    Scenario: Two jobs at once bring other bytes for the same log
      Given the provider "okta_system_log" offers the log "shared"
      And the first upload of "shared" gets no answer
      And the vault has begun to upload "shared"
      And the provider now serves other bytes for "shared"
      When the vault ingests a range that overlaps with the first
      Then another job than the first completes
      And after storage recovers every job completes
      And the raw answer, search, metadata and the stored object agree on the checksum of "shared"

    @extended @CON-7 @CON-13
    Scenario: A job tries an upload again of what another job has stored with other bytes
      Given the provider "okta_system_log" offers the log "shared"
      And the first upload of "shared" gets no answer
      And the vault has begun to upload "shared"
      And the provider now serves other bytes for "shared"
      When the vault ingests a range that overlaps with the first
      Then another job than the first completes
      And every job completes
      And the raw answer, search, metadata and the stored object agree on the checksum of "shared"

  Rule: A log is known by its provider and its id there, and by nothing else

    @extended @CON-12
    Scenario: The id of a log follows from its provider and its id there
      Given the provider "aws_cloudtrail" offers the log "login"
      And the provider "aws_cloudtrail" offers the log "odd", with slashes in its id
      And the provider "aws_cloudtrail" offers the log "foreign", with letters of many alphabets in its id
      And the provider "aws_cloudtrail" offers the log "long", with its 200 characters in its id
      When the vault ingests the provider's logs
      Then the job completes
      And search lists exactly the ids that follow from provider and source id

    @core @FID-4
    Scenario: Two providers use the same ids for different logs
      Given the providers "aws_cloudtrail" and "github_audit" offer 60 logs each, under the same ids
      When the vault ingests the logs of both at once
      Then every log is byte for byte what its own provider served, as soon as its job completes
      And the jobs together count each log and its bytes once
      And each log has one record and one object

  Rule: Two vaults on the same stores act as one

    @extended @CON-15 @mongod @settings
    Scenario: Twenty auditors ask two vaults for the same range at once
      Given a second vault on the same stores
      And the provider "okta_system_log" offers 12 distinct logs
      And the provider holds back its listing
      When 20 auditors ask both vaults at once for the provider's logs
      Then all of them are given the same job
      And once the provider goes on that job completes
      And it counts 12 records and their bytes

    @extended @CON-13 @CON-15 @mongod @settings
    Scenario: Overlapping ranges are ingested by two vaults at once
      Given a second vault on the same stores
      And the provider "okta_system_log" offers 24 distinct logs
      When both vaults ingest these stretches of the logs at once
        | first | last |
        |     1 |   18 |
        |     7 |   24 |
        |     1 |   24 |
        |    10 |   15 |
      Then every job completes
      And the jobs together count each log and its bytes once
      And each log has one record and one object
