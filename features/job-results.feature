Feature: Job results
  An auditor signs for what a job says it has done.
  A count that is off by one log, or by one byte, cannot be signed.

  Rule: A job counts the logs it wrote, and their bytes

    @core @API-15
    Scenario Outline: A payload with <kind> is counted in bytes, not in characters
      Given the provider "okta_system_log" offers the log "login", which has <kind>
      When the vault ingests the provider's logs
      Then the job completes
      And it counts 1 log, to the byte
      And its counts are those of the metadata it wrote

      Examples:
        | kind                            |
        | Unicode in several normal forms |
        | Windows line ends               |

    @extended @API-15
    Scenario Outline: A failed job still counts what it stored
      Given the provider "okta_system_log" offers 6 logs
      And the provider answers every request for "log 6" with "<fault>"
      When the vault ingests the provider's logs
      Then the job fails with the code "<code>"
      And its counts are those of the metadata it wrote

      Examples: at once, when little or nothing may be stored yet
        | fault | code              |
        |   404 | provider_rejected |

      Examples: after retries, while the other logs are stored
        | fault | code                 |
        |   503 | provider_unavailable |

    @extended @API-15
    Scenario: A job that failed because storage refused a log still counts what it stored
      Given the provider "okta_system_log" offers 6 logs
      And storage answers every upload of "log 6" with "403 AccessDenied"
      When the vault ingests the provider's logs
      Then the job fails with the code "storage_rejected"
      And its counts are those of the metadata it wrote

    @extended @API-15 @API-17
    Scenario: A job whose range overlaps with an earlier one counts and lists only what it added
      Given the provider "okta_system_log" offers 5 logs
      And the vault ingested the provider's logs from 00:00:00Z to 00:00:04Z
      When the vault ingests the provider's logs
      Then the job completes
      And the jobs together count each log and its bytes once
      And its counts are those of the metadata it wrote
      And its manifest lists 2 logs, as metadata and storage have them

  Rule: A completed job names its manifest, and the manifest is true

    @core @API-16
    Scenario: A completed job names its manifest
      Given the provider "okta_system_log" offers the log "login"
      When the vault ingests the provider's logs
      Then the job completes
      And the manifest that it names is in storage

    @extended @API-17
    Scenario: A job of several logs
      Given the provider "okta_system_log" offers 12 logs
      And it lists 5 logs a page
      When the vault ingests the provider's logs
      Then the job completes
      And its manifest lists 12 logs, as metadata and storage have them

    @extended @API-17
    Scenario: A job of the same range again
      Given the provider "okta_system_log" offers 3 logs
      And the vault ingested the provider's logs, and the job completed
      When the vault ingests the provider's logs again
      Then the job completes
      And it counts no logs
      And its manifest lists no logs, as metadata and storage have them

    @extended @API-17
    Scenario: A job of a range without logs
      Given the provider "github_audit" offers the log "login"
      When the vault ingests the provider's logs from 12:00:00Z to 13:00:00Z
      Then the job completes
      And it counts no logs
      And its manifest lists no logs, as metadata and storage have them

    @extended @API-17
    Scenario: A job whose range begins late in the evening
      Given the provider "okta_system_log" offers the log "login", dated 23:30:00 UTC and written in the time zone +02:00
      When the vault ingests the provider's logs from 23:00:00+00:00 to 23:59:59.999+00:00
      Then the job completes
      And its manifest lists 1 log, as metadata and storage have them

    @extended @API-16 @RES-1
    Scenario Outline: The upload of a manifest meets <fault>
      Given the provider "okta_system_log" offers 3 logs
      And storage answers the first upload of a manifest with "<fault>"
      When the vault ingests the provider's logs
      Then the job completes
      And its manifest lists 3 logs, as metadata and storage have them

      Examples:
        | fault                            |
        |                     503 SlowDown |
        | a connection reset after storing |

  Rule: A failed job says why and names no manifest

    @extended @API-18 @RES-4
    Scenario: Storage accepts every log, but turns every manifest away
      Given the provider "okta_system_log" offers 3 logs
      And storage answers every upload of a manifest with "503 SlowDown"
      When the vault ingests the provider's logs
      Then the job fails with the code "storage_unavailable"
      And its counts are those of the metadata it wrote
      And its manifest was uploaded as often as the retry policy allows

    @extended @API-18 @RES-5
    Scenario: Storage refuses a manifest
      Given the provider "okta_system_log" offers 3 logs
      And storage answers every upload of a manifest with "403 AccessDenied"
      When the vault ingests the provider's logs
      Then the job fails with the code "storage_rejected"
      And its counts are those of the metadata it wrote
      And its manifest is not uploaded a second time

    @extended @API-18 @SEC-3
    Scenario: The provider does not have a log that it listed
      Given the provider "okta_system_log" offers the log "login"
      And the provider answers every request for "login" with "410"
      When the vault ingests the provider's logs
      Then the job fails with the code "provider_rejected"
      And it says why in plain words
