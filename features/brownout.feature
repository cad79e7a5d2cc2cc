Feature: Brownout
  Storage often slows down just when most evidence arrives.
  A vault that gives up loses evidence; one that retries without pause makes the outage longer.

  Background:
    Given the provider "aws_cloudtrail" offers the log "login"

  Rule: An upload that storage turns away for a moment is tried again until it succeeds

    @core @RES-1 @RES-3
    Scenario: Storage asks twice to slow down, then recovers
      Given storage answers the first 2 uploads of "login" with "503 SlowDown"
      When the vault ingests the provider's logs
      Then the job completes
      And "login" was uploaded 3 times
      And each upload of "login" carried the same bytes
      And search finds "login" once
      And the raw log "login" is byte for byte what the provider served

    @core @RES-1
    Scenario: Storage asks twice to slow down for each log of a job
      Given the provider "aws_cloudtrail" offers the log "logout"
      And the provider "aws_cloudtrail" offers the log "reset"
      And storage answers the first 2 uploads of "login" with "503 SlowDown"
      And storage answers the first 2 uploads of "logout" with "503 SlowDown"
      And storage answers the first 2 uploads of "reset" with "503 SlowDown"
      When the vault ingests the provider's logs
      Then the job completes
      And it counts 3 logs, to the byte

    @core @RES-2
    Scenario: The vault waits longer before each new attempt
      Given storage answers the first 3 uploads of "login" with "503 SlowDown"
      When the vault ingests the provider's logs
      Then the job completes
      And the vault waited between the uploads of "login" as its retry policy demands

    @core @RES-2 @settings
    Scenario: The vault waits longer before each new attempt, even while other jobs succeed
      Given a vault whose waits between attempts begin with 200 ms
      And the provider "okta_system_log" offers 20 logs
      And it lists 1 log a page
      And storage answers the first 3 uploads of "login" with "503 SlowDown"
      When the vault ingests the logs of each provider
      Then every job completes
      And the vault waited between the uploads of "login" as its retry policy demands

    @extended @RES-3
    Scenario: The provider changes a log while the vault waits to try its upload again
      Given storage answers the first upload of "login" with "silence"
      And the vault has begun to upload "login"
      When the provider now serves different bytes for "login"
      Then every job completes
      And each upload of "login" carried the same bytes
      And the raw answer, search, metadata and the stored object agree on the checksum of "login"

    @extended @RES-1 @RES-3
    Scenario Outline: An upload that meets <fault> is tried again
      Given storage answers the first upload of "login" with "<fault>"
      When the vault ingests the provider's logs
      Then the job completes
      And each upload of "login" carried the same bytes
      And search finds "login" once
      And the raw log "login" is byte for byte what the provider served

      Examples:
        | fault                            |
        |                500 InternalError |
        | a connection reset               |
        | a connection reset after storing |
        | silence                          |

  Rule: An outage that outlasts the retries fails the job, and no metadata claims otherwise

    @extended @API-18 @RES-4
    Scenario Outline: An upload that meets <fault> each time fails the job
      Given storage answers every upload of "login" with "<fault>"
      When the vault ingests the provider's logs
      Then the job fails with the code "storage_unavailable"
      And it says why in plain words
      And "login" was uploaded as often as the retry policy allows
      And search does not find "login"
      And no metadata describes "login"

      Examples:
        | fault              |
        |       503 SlowDown |
        | a connection reset |

    @extended @RES-4
    Scenario: After the outage the next ingestion stores exactly what is missing
      Given the provider "aws_cloudtrail" offers the log "logout"
      And storage answers every upload of "login" with "503 SlowDown"
      And the vault ingested the provider's logs, and the job failed
      And storage recovers
      When the vault ingests the provider's logs again
      Then the job completes
      And the jobs together count each log and its bytes once
      And search finds "login" once
      And search finds "logout" once

  Rule: A refusal by storage is final

    @extended @RES-5
    Scenario Outline: An upload that is refused with <refusal> is not tried again
      Given storage answers every upload of "login" with "<refusal>"
      When the vault ingests the provider's logs
      Then the job fails with the code "storage_rejected"
      And "login" is not uploaded a second time
      And no metadata describes "login"

      Examples:
        | refusal                   |
        |          403 AccessDenied |
        | 403 SignatureDoesNotMatch |
        |          404 NoSuchBucket |

  Rule: An outage of storage is never reported as a loss

    @extended @RES-6
    Scenario Outline: A read that meets <fault> is answered as an outage
      Given the vault ingested the provider's logs, and the job completed
      And storage answers every read of "login" with "<fault>"
      When the auditor retrieves the raw log "login"
      Then the vault answers that storage cannot be reached
      When storage recovers
      Then the raw log "login" is byte for byte what the provider served

      Examples:
        | fault                     |
        |              503 SlowDown |
        |         500 InternalError |
        |          403 AccessDenied |
        | 403 SignatureDoesNotMatch |
        |          404 NoSuchBucket |
        | a connection reset        |
        | silence                   |
