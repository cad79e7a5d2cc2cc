Feature: Idempotency
  Auditors ask twice for what they cannot afford to miss.
  A vault that then stores a log twice, or describes it anew, has made two stories of one.

  Rule: A range that is ingested again stores only what is new

    @extended @CON-10
    Scenario: The same range is ingested twice in a row
      Given the provider "okta_system_log" offers 12 distinct logs
      And the vault ingested the provider's logs, and the job completed
      When the vault ingests the same range again
      Then another job than the first completes
      And it counts 0 records and their bytes
      And the first job is as it ended
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
