Feature: Job life
  An auditor relies on the state that a job shows.
  A job that goes back on its state cannot be relied on.

  Rule: A job only moves forward, and stays as it ended

    @core @API-1 @API-2
    Scenario: A job is watched from its acceptance until well after its end
      Given the provider "okta_system_log" offers 30 logs
      When the vault ingests the provider's logs
      Then the job completes
      And the job was never seen going backwards
      And the job stays as it ended

    @extended @API-1
    Scenario: A failed job stays failed
      Given the provider "okta_system_log" offers the log "login"
      And storage answers every upload of "login" with "403 AccessDenied"
      When the vault ingests the provider's logs
      Then the job fails with the code "storage_rejected"
      And the job stays as it ended

  Rule: A job may take as long as its work does

    @extended @API-1 @API-20
    Scenario: A job takes longer than its lease
      Given the provider "okta_system_log" offers 8 logs
      And it lists 1 log a page
      And the 8 pages together take longer than a lease
      When the vault ingests the provider's logs
      Then the job completes
      And it counts 8 logs, to the byte

  Rule: A job that nobody asked for is unknown

    @extended @API-19 @SEC-3
    Scenario: The auditor asks for jobs that nobody asked for
      Given a log "login" ingested from "aws_cloudtrail"
      When the auditor asks for the jobs that are called
        | job                                  |
        | job_0123456789abcdef01234567         |
        | 7d2f5b1e-3c7e-4a57-8f0d-9c1b1d1f0001 |
        |                                    0 |
        | null                                 |
        | .*                                   |
        | {"$ne":null}                         |
        | журнал                               |
      Then the vault answers each time that there is no such job
