Feature: Idempotency
  Auditors ask twice for what they cannot afford to miss.
  A vault that then stores a log twice, or describes it differently, has two versions of one event.

  Rule: A range that is ingested again stores only what is new

    @extended @CON-10
    Scenario: The same range is ingested twice in a row
      Given the provider "okta_system_log" offers 12 logs
      And the vault ingested the provider's logs, and the job completed
      When the vault ingests the provider's logs again
      Then a second job completes
      And it counts no logs
      And no job has changed since it ended
      And the metadata of each log is as the first job left it
      And each log has one record and one object

    @extended @CON-10
    Scenario: The provider has one more log by the second time
      Given the provider "okta_system_log" offers 5 logs
      And the vault ingested the provider's logs, and the job completed
      And the provider "okta_system_log" offers the log "latecomer"
      When the vault ingests the provider's logs again
      Then a second job completes
      And it counts "latecomer" alone, to the byte
      And each log has one record and one object

    @extended @CON-12
    Scenario Outline: The provider now dates a log <later> later
      Given the provider "okta_system_log" offers the log "login"
      And the vault ingested the provider's logs, and the job completed
      And the provider now says that "login" happened <later> later
      When the vault ingests the provider's logs again
      Then a second job completes
      And it counts no logs
      And search finds "login" once
      And the metadata of "login" is unchanged
      And each log has one record and one object

      Examples:
        | later   |
        | an hour |
        | a day   |

  Rule: A log is identified by its provider and the provider's id for it, and by nothing else

    @extended @CON-12
    Scenario: The vault derives its id for a log from the provider and the provider's id
      Given the provider "aws_cloudtrail" offers the log "login"
      And the provider "aws_cloudtrail" offers the log "odd", whose id has slashes
      And the provider "aws_cloudtrail" offers the log "foreign", whose id has letters of many alphabets
      And the provider "aws_cloudtrail" offers the log "long", whose id has 200 characters
      When the vault ingests the provider's logs
      Then the job completes
      And search lists exactly the ids that follow from them

    @core @FID-4
    Scenario: Two providers use the same ids for different logs
      Given the providers "aws_cloudtrail" and "github_audit" offer 20 logs each, under the same ids
      When the vault ingests the logs of both at once
      Then every log is byte for byte what its own provider served, as soon as its job completes
      And the jobs together count each log and its bytes once
      And each log has one record and one object
