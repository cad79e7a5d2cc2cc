@restart
Feature: Crash recovery
  Machines fail without warning, and always in the middle of something.
  A job that a vault has accepted is a promise, whatever happens to its process.

  Rule: A killed vault loses nothing that it had accepted

    @extended @OPS-1 @OPS-2 @OPS-3
    Scenario Outline: The vault is killed while <moment>
      Given the provider "okta_system_log" offers 6 logs
      And the vault works while <moment>
      When the vault is killed and started again
      Then every accepted job completes in time, without being asked for again
      And the jobs together count each log and its bytes once
      And each log has one record and one object
      And each job's manifest lists what it stored

      Examples:
        | moment                                              |
        | a payload is being fetched                          |
        | an object is stored, but not yet its metadata       |
        | storage turns uploads away                          |
        | a manifest is being uploaded                        |
        | a manifest is stored, but its job not yet completed |

    @extended @OPS-1 @OPS-3
    Scenario: The vault is killed again while it recovers
      Given the provider "okta_system_log" offers 70 logs
      And the vault works while a payload is being fetched
      When the vault is killed and started again, and killed again once it is back at work
      Then every accepted job completes in time, without being asked for again
      And the jobs together count each log and its bytes once
      And each job's manifest lists what it stored

    @extended @OPS-4
    Scenario: The vault is killed while requests come in
      Given the provider "okta_system_log" offers 12 logs
      When the vault is killed as soon as it has accepted one of the requests for them, and started again
      Then every accepted job completes in time, without being asked for again

  Rule: A job that had begun goes on, and a job that had ended stays as it was

    @extended @CON-11 @OPS-1
    Scenario: The vault is killed, and asked again for the range it was working on
      Given the provider "okta_system_log" offers 6 logs
      And the provider holds back its listing
      And the vault is at work on the provider's logs
      When the vault is killed and started again
      And an auditor asks the vault to ingest the same range with the priority "normal"
      Then the auditor is given the active job
      When the provider answers at last
      Then the job completes
      And it counts 6 logs, to the byte

    @extended @API-1 @OPS-1 @settings
    Scenario: The vault is killed, and may then work on fewer jobs than it had begun
      Given the provider "okta_system_log" offers 6 logs
      And the vault works while jobs wait in its queue
      When the vault is killed and started again to work on 1 job at a time
      Then no job is seen going backwards for longer than a lease
      And every accepted job completes in time, without being asked for again
      And the jobs together count each log and its bytes once
      And each job's manifest lists what it stored

    @extended @API-1 @OPS-5
    Scenario Outline: The vault is killed after a job completed and a job failed with <code>
      Given a log "payment" ingested from "aws_cloudtrail"
      And the provider "aws_cloudtrail" offers the log "login"
      And storage answers every upload of "login" with "<fault>"
      And the vault ingested the provider's logs, and the job failed
      And storage recovers
      When the vault is killed and started again
      Then no job has changed since it ended
      And the job stays as it ended

      Examples:
        | code                | fault            |
        | storage_rejected    | 403 AccessDenied |
        | storage_unavailable |     503 SlowDown |

  Rule: A vault that is asked to stop loses nothing either

    @extended @OPS-6
    Scenario Outline: The vault is asked to stop while <moment>
      Given the provider "okta_system_log" offers 6 logs
      And the vault works while <moment>
      When the vault is stopped and started again
      Then every accepted job completes in time, without being asked for again
      And the jobs together count each log and its bytes once
      And each log has one record and one object

      Examples:
        | moment                            |
        | a payload is being fetched        |
        | its provider has asked it to wait |

    @extended @API-1 @OPS-6 @settings
    Scenario: The vault is stopped, and may then work on fewer jobs than it had begun
      Given the provider "okta_system_log" offers 6 logs
      And the vault works while jobs wait in its queue
      When the vault is stopped and started again to work on 1 job at a time
      Then no job is seen going backwards for longer than a lease
      And every accepted job completes in time, without being asked for again
      And the jobs together count each log and its bytes once
