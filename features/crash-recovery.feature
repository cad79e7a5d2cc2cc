@restart
Feature: Crash recovery
  Machines fail without asking, and always in the middle of something.
  What a vault has accepted is evidence already, whatever becomes of its process.

  Rule: A killed vault loses nothing that it had accepted

    @extended @OPS-1 @OPS-2 @OPS-3
    Scenario Outline: The vault is killed while <moment>
      Given the provider "okta_system_log" offers 6 distinct logs
      And the vault works while <moment>
      When the vault is killed and started again
      Then every accepted job completes in time, without being asked for again
      And the jobs together count each log and its bytes once
      And each log has one record and one object
      And each job's manifest lists what it stored

      Examples:
        | moment                                          |
        | a payload is on its way                         |
        | an object is stored, its metadata not yet       |
        | storage turns uploads away                      |
        | a manifest is on its way                        |
        | a manifest is stored, its job not completed yet |

    @extended @OPS-1 @OPS-3
    Scenario: The vault is killed again while it recovers
      Given the provider "okta_system_log" offers 70 distinct logs
      And the vault works while a payload is on its way
      When the vault is killed and started again, and killed again once it goes on
      Then every accepted job completes in time, without being asked for again
      And the jobs together count each log and its bytes once
      And each job's manifest lists what it stored

    @extended @OPS-4
    Scenario: The vault is killed while requests come in
      Given the provider "okta_system_log" offers 12 distinct logs
      When the vault is killed as soon as it has accepted one of the requests for them, and started again
      Then every accepted job completes in time, without being asked for again

  Rule: What has begun is not begun anew, what has ended stays ended

    @extended @CON-11 @OPS-1
    Scenario: The vault is killed at work and asked for the same range again
      Given the provider "okta_system_log" offers 6 distinct logs
      And the provider holds back its listing
      And the vault is at work on the provider's logs
      When the vault is killed and started again
      And an auditor asks for the same range with the priority "normal"
      Then all of them are given the job that is under way
      And once the provider goes on that job completes
      And it counts 6 records and their bytes

    @extended @API-1 @OPS-1 @settings
    Scenario: The vault starts again with fewer hands than it had jobs in hand
      Given the provider "okta_system_log" offers 6 distinct logs
      And the vault works while jobs wait in its queue
      When the vault is killed and started again to work on 1 job at once
      Then for longer than a lease no job is seen going backwards
      And every accepted job completes in time, without being asked for again
      And the jobs together count each log and its bytes once
      And each job's manifest lists what it stored

    @extended @API-1 @OPS-5
    Scenario: The vault is killed after jobs have completed and failed
      Given a log "payment" ingested from "aws_cloudtrail"
      And the provider "okta_system_log" offers the log "login"
      And a job failed because storage refused "login"
      When the vault is killed and started again
      Then the jobs that had ended are as they were
      And the job stays as it ended

    @extended @API-1 @OPS-5
    Scenario: The vault is killed after a job failed because storage stayed away
      Given the provider "okta_system_log" offers the log "login"
      And storage answers every upload of "login" with "503 SlowDown"
      And the vault ingested the provider's logs, and the job failed
      And storage recovers
      When the vault is killed and started again
      Then the jobs that had ended are as they were
      And the job stays as it ended

  Rule: A stop is no worse than a crash

    @extended @OPS-6
    Scenario Outline: The vault is asked to stop while <moment>
      Given the provider "okta_system_log" offers 6 distinct logs
      And the vault works while <moment>
      When the vault is stopped and started again
      Then every accepted job completes in time, without being asked for again
      And the jobs together count each log and its bytes once
      And each log has one record and one object

      Examples:
        | moment                            |
        | a payload is on its way           |
        | its provider has asked it to wait |

    @extended @API-1 @OPS-6 @settings
    Scenario: The vault is asked to stop, and starts again with fewer hands than it had jobs in hand
      Given the provider "okta_system_log" offers 6 distinct logs
      And the vault works while jobs wait in its queue
      When the vault is stopped and started again to work on 1 job at once
      Then for longer than a lease no job is seen going backwards
      And every accepted job completes in time, without being asked for again
      And the jobs together count each log and its bytes once
