Feature: Provider retries
  A provider fails for a moment and comes back.
  A vault that gives up at once has a gap where evidence should be.

  Rule: A provider that fails for a moment is asked again

    @extended @RES-10
    Scenario Outline: The provider answers requests for its listing with <first>, then with <second>
      Given the provider "okta_system_log" offers the log "login"
      And the provider answers the first request for its listing with "<first>", and the second with "<second>"
      When the vault ingests the provider's logs
      Then the job completes
      And the raw log "login" is byte for byte what the provider served

      Examples:
        | first | second             |
        |   429 |                500 |
        |   502 |                503 |
        |   507 | a connection reset |

    @extended @RES-10
    Scenario: The provider fails for a moment with each log of a job, each time in another way
      Given the provider "okta_system_log" offers the log "login"
      And the provider "okta_system_log" offers the log "logout"
      And the provider "okta_system_log" offers the log "reset"
      And the provider answers the first request for "login" with "429"
      And the provider answers the first request for "logout" with "501"
      And the provider answers the first request for "reset" with "a connection reset"
      When the vault ingests the provider's logs
      Then the job completes
      And each of its logs is byte for byte what the provider served

    @extended @RES-10
    Scenario: Providers fall silent before a listing, before a log, and in the middle of a log
      Given the provider "okta_system_log" offers the log "login"
      And the provider answers the first request for its listing with "silence"
      And the provider "github_audit" offers the log "push"
      And the provider answers the first request for "push" with "silence"
      And the provider "aws_cloudtrail" offers the log "create"
      And the provider answers the first request for "create" with "half a body and then silence"
      When the vault ingests the logs of each provider
      Then every job completes
      And each of its logs is byte for byte what the provider served

    @extended @RES-10 @RES-15
    Scenario Outline: The provider sends <damage>
      Given the provider "okta_system_log" offers the log "login"
      And the provider answers the first 2 requests for "login" with "<damage>"
      When the vault ingests the provider's logs
      Then the job completes
      And the raw log "login" is byte for byte what the provider served
      And each upload of "login" carried the same bytes

      Examples:
        | damage                                     |
        | a body cut short                           |
        | chunks that break off                      |
        | an empty body with the digest of the whole |
        | a body that matches neither of its digests |
        | a compressed body that ends too early      |

    @extended @RES-15
    Scenario: The provider compresses a log, and sends a body that does not match its digest
      Given the provider "okta_system_log" offers the log "login", which has insignificant white space, sent compressed in transport
      And the provider answers the first request for "login" with "a body that does not match its digest"
      When the vault ingests the provider's logs
      Then the job completes
      And the raw log "login" is byte for byte what the provider served

    @extended @RES-10
    Scenario Outline: In place of a listing the provider sends <first>, then <second>
      Given the provider "okta_system_log" offers the log "login"
      And the provider answers the first request for its listing with "<first>", and the second with "<second>"
      When the vault ingests the provider's logs
      Then the job completes
      And the raw log "login" is byte for byte what the provider served

      Examples:
        | first                        | second                      |
        | an empty body                | a web page for people       |
        | JSON cut off                 | the word null               |
        | logs that are null           | logs that are not a list    |
        | an entry without an id       | an id that is a number      |
        | an entry without a timestamp | a timestamp that is not one |
        | a list alone                 | no logs member              |
        | a cursor that is a number    | no cursor member            |
        | an id of two dots            | an empty body               |

    @extended @RES-10
    Scenario: The provider fails for a moment in the middle of a listing
      Given the provider "okta_system_log" offers 4 logs
      And it lists 2 logs a page
      And the provider answers the first 2 requests for the further pages of its listing with "502"
      When the vault ingests the provider's logs
      Then the job completes
      And it counts 4 logs, to the byte

    @extended @RES-10
    Scenario: In place of a further page the provider sends half of it, then one whose logs are null
      Given the provider "okta_system_log" offers 4 logs
      And it lists 2 logs a page
      And the provider answers the first request for the further pages of its listing with "JSON cut off", and the second with "logs that are null"
      When the vault ingests the provider's logs
      Then the job completes
      And it counts 4 logs, to the byte
