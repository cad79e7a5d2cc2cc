Feature: Collection
  A provider lists its logs in pages, in its own order, to anyone who has its key.
  Every page that a vault misses is a gap in the evidence.

  Rule: Every page of a listing is read, and every log is stored once

    @extended @API-20
    Scenario Outline: The provider lists <logs>, <page> a page
      Given the provider "okta_system_log" offers <logs>
      And it lists <page> a page
      When the vault ingests the provider's logs
      Then the job completes
      And it counts <logs>, to the byte
      And each of its logs is byte for byte what the provider served

      Examples:
        | logs    | page    |
        |   1 log |   1 log |
        |  3 logs |   1 log |
        | 64 logs | 64 logs |
        | 51 logs | 50 logs |

    @extended @API-20
    Scenario Outline: A listing has <empty> before each further page
      Given the provider "okta_system_log" offers 5 logs
      And it lists 2 logs a page
      And its listing has <empty> before each further page
      When the vault ingests the provider's logs
      Then the job completes
      And it counts 5 logs, to the byte

      Examples:
        | empty          |
        |   1 empty page |
        | 50 empty pages |

    @extended @API-20
    Scenario: A listing begins and ends with an empty page
      Given the provider "okta_system_log" offers 4 logs
      And it lists 2 logs a page
      And its listing begins and ends with an empty page
      When the vault ingests the provider's logs
      Then the job completes
      And it counts 4 logs, to the byte

    @extended @API-20
    Scenario Outline: The cursor to a further page is <cursor>
      Given the provider "okta_system_log" offers 4 logs
      And it lists 2 logs a page
      And the cursor to its second page is <cursor>
      When the vault ingests the provider's logs
      Then the job completes
      And it counts 4 logs, to the byte

      Examples:
        | cursor                               |
        |                                    0 |
        | characters that look percent-encoded |
        |                     2,000 characters |

    @extended @API-20
    Scenario: The provider compresses its listing for a vault that accepts compression
      Given the provider "okta_system_log" offers 4 logs
      And it lists 2 logs a page
      And it compresses its listing for clients that accept compression
      When the vault ingests the provider's logs
      Then the job completes
      And it counts 4 logs, to the byte

    @extended @API-20
    Scenario: A log is listed twice, once on each of two pages
      Given the provider "okta_system_log" offers the log "login" and lists it 2 times
      And the provider "okta_system_log" offers the log "logout"
      And it lists 1 log a page
      When the vault ingests the provider's logs
      Then the job completes
      And it counts 2 logs, to the byte
      And search finds "login" once
      And each log has one record and one object
      And its manifest lists 2 logs, as metadata and storage have them

  Rule: The vault asks for exactly the range it was given, with its key

    @extended @API-24 @SEC-1
    Scenario: Only logs in the range are collected
      Given the provider "okta_system_log" offers the log "before", dated 09:59:59.999 UTC
      And the provider "okta_system_log" offers the log "first", dated 10:00:00 UTC
      And the provider "okta_system_log" offers the log "last", dated 10:59:59.999 UTC
      And the provider "okta_system_log" offers the log "after", dated 11:00:00 UTC
      And it lists 1 log a page
      When the vault ingests the provider's logs from 10:00:00Z to 11:00:00Z
      Then the job completes
      And search finds "first" once
      And search finds "last" once
      And search does not find "before"
      And search does not find "after"
      And every call to the provider carried its key

    @extended @API-24 @SEC-1 @settings
    Scenario: The address of the provider has a path
      Given a vault whose provider's address has the path /api/v2
      And the provider "aws_cloudtrail" offers 3 logs
      And it lists 2 logs a page
      When the vault ingests the provider's logs
      Then the job completes
      And it counts 3 logs, to the byte
      And every call to the provider carried its key

    @extended @SEC-2
    Scenario Outline: The provider refuses <call> with <status> and sends the key back
      Given the provider "okta_system_log" offers the log "login"
      And the provider refuses the first request for <call> with <status> and sends the key back
      When the vault ingests the provider's logs
      Then the job fails with the code "<code>"
      And it says why in plain words
      And neither an answer nor the output of the vault shows the key

      Examples:
        | call        | status | code                  |
        | its listing |    401 | provider_unauthorized |
        | "login"     |    400 | provider_rejected     |

    @extended @SEC-2
    Scenario: The provider sends the key back in place of its listing
      Given the provider "okta_system_log" offers the log "login"
      And the provider sends the key back in place of its listing
      When the vault ingests the provider's logs
      Then the job fails with the code "provider_unavailable"
      And it says why in plain words
      And neither an answer nor the output of the vault shows the key
