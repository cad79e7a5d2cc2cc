Feature: Retrieval
  Evidence is read over slow lines, by many at once, and while storage fails.
  A vault that passes half a log off as a whole one is worse than one that returns nothing.

  Rule: A raw log is served whole, and says what it is

    @core @API-50 @FID-2
    Scenario: The auditor can check what was served
      Given a log "login" ingested from "aws_cloudtrail"
      When the auditor retrieves the raw log "login"
      Then the answer is declared as JSON
      And the answer carries the checksum of "login" recorded at ingestion
      And the checksum that the auditor computes is the same

    @extended @RES-20
    Scenario: A large log is read slowly
      Given the provider "github_audit" offers the log "large", which has 5 MiB
      And the vault ingested the provider's logs, and the job completed
      When a slow reader retrieves the raw log "large"
      Then each reader got exactly the log that was asked for

    @core @RES-22
    Scenario: Many auditors read many logs at once
      Given the vault ingested 12 logs
      When 48 readers retrieve the raw logs at once
      Then each reader got exactly the log that was asked for

    @extended @RES-22
    Scenario: Many auditors read large logs at once
      Given the vault ingested 6 large logs
      When 24 readers retrieve the raw logs at once
      Then each reader got exactly the log that was asked for

    @extended @RES-21
    Scenario: Readers hang up half-way
      Given the provider "github_audit" offers the log "large", which has 5 MiB
      And the vault ingested the provider's logs, and the job completed
      When 60 readers of the raw log "large" hang up half-way
      Then the raw log "large" is byte for byte what the provider served
      And search finds "large" once

  Rule: A read that breaks off never looks whole

    @extended @RES-23
    Scenario Outline: Storage <fails> half-way through every read of a log of <size>
      Given the provider "github_audit" offers the log "statement", which has <size>
      And the vault ingested the provider's logs, and the job completed
      And storage <fails> half-way through every read of "statement"
      When an auditor retrieves as much of the raw log "statement" as the vault returns
      Then the answer does not look whole
      When storage recovers
      Then the raw log "statement" is byte for byte what the provider served

      Examples:
        | fails        | size              |
        | breaks off   | Windows line ends |
        | breaks off   |            64 KiB |
        | breaks off   |             5 MiB |
        | falls silent |            64 KiB |

  Rule: A log can be read as soon as it is stored, even if it was asked for before

    @extended @API-2
    Scenario: An auditor asks for a log before it was ingested
      Given the provider "okta_system_log" offers the log "login"
      And the auditor retrieves the raw log "login"
      When the vault ingests the provider's logs
      Then the job completes
      And the raw log "login" is byte for byte what the provider served

  Rule: Paths that the contract does not name do not exist, and nothing can be deleted

    @extended @API-51
    Scenario: A client asks for paths that do not exist
      When a client asks for these paths, one after the other
        | path                                           |
        | /v1/nothing                                    |
        | /v1/jobs                                       |
        | /v1/logs/log_0123456789abcdef01234567          |
        | /v1/logs/log_0123456789abcdef01234567/raw/more |
        | /v1/providers/aws_cloudtrail                   |
      Then the vault answers each time that the client made a mistake

    @extended @API-51
    Scenario: A client sends something to an unknown path
      When a client sends something to the path "/v1/nothing"
      Then the vault answers that the client made a mistake

    @extended @API-53
    Scenario: A client asks for logs by what is the id of none
      Given a log "login" ingested from "aws_cloudtrail"
      When the auditor retrieves the raw logs that are called
        | id                           |
        | log_0123456789ABCDEF01234567 |
        | log_                         |
        | .*                           |
        | ../../etc/passwd             |
        | {"$ne":null}                 |
        | журнал                       |
      Then the vault answers each time that the client made a mistake

    @extended @API-52
    Scenario: A client tries what the contract does not name
      Given a log "login" ingested from "aws_cloudtrail"
      When a client tries each method that the contract does not name on these, one after the other
        | what                |
        | the raw log         |
        | the list of logs    |
        | the job             |
        | ingestions          |
        | the connection test |
      Then the vault answers each time that the client made a mistake
      And the raw log "login" is byte for byte what the provider served
      And search finds "login" once
      And no job has changed since it ended
