Feature: Providers
  A provider lists its logs in pages, slips, stumbles and comes back.
  A vault that takes a stumble for an end has a gap where evidence should be.

  Rule: Every page of a listing counts, and every log once

    @extended @API-20
    Scenario Outline: <logs> logs are listed <page> a page
      Given the provider "okta_system_log" offers <logs> distinct logs
      And it lists <page> logs a page
      When the vault ingests the provider's logs
      Then the job completes
      And it counts <logs> records and their bytes
      And each of its logs is byte for byte what the provider served

      Examples:
        | logs | page |
        |    1 |    1 |
        |    3 |    1 |
        |    4 |    2 |
        |    5 |    2 |
        |  101 |   50 |

    @extended @API-20
    Scenario: Pages in the middle of a listing are empty
      Given the provider "okta_system_log" offers 4 distinct logs
      And it lists 2 logs a page
      And a page without logs lies before each further page
      When the vault ingests the provider's logs
      Then the job completes
      And it counts 4 records and their bytes

    @extended @API-20
    Scenario Outline: A log is listed twice, <page> logs a page
      Given the provider "okta_system_log" offers the log "login" and lists it 2 times
      And the provider "okta_system_log" offers the log "logout"
      And it lists <page> logs a page
      When the vault ingests the provider's logs
      Then the job completes
      And it counts 2 records and their bytes
      And search finds "login" once
      And the bucket holds one object for "login"
      And its manifest lists 2 logs, as metadata and storage have them

      Examples:
        | page |
        |    1 |
        |    2 |
        |  100 |

  Rule: A log is asked for, stored and described under its own name

    @extended @API-21 @API-22
    Scenario Outline: An id has <oddity> in it
      Given the provider "github_audit" offers the log "login", with <oddity> in its id
      When the vault ingests the provider's logs
      Then the job completes
      And the raw log "login" is byte for byte what the provider served
      And the metadata of "login" says whose it is, what it is called there, and which job wrote it

      Examples:
        | oddity                     |
        | slashes                    |
        | dots and slashes           |
        | spaces                     |
        | a percent sign             |
        | what looks percent-encoded |
        | a plus sign                |
        | a question mark and a hash |
        | colons and semicolons      |
        | quotes and brackets        |
        | letters of many alphabets  |
        | signs beyond 16 bits       |
        | its 200 characters         |

    @extended @API-22
    Scenario: Two providers use the same id
      Given the provider "github_audit" offers the log "push" under the id evt-1
      And the provider "okta_system_log" offers the log "login" under the id evt-1
      When the vault ingests the logs of each provider
      Then each job completes
      And each of its logs is byte for byte what the provider served
      And each of its logs is filed under its day in UTC

    @extended @API-22
    Scenario: Ids differ in case and in form alone
      Given the provider "github_audit" offers the log "upper" under the id Zoë
      And the provider "github_audit" offers the log "lower" under the id zoë
      And the provider "github_audit" offers the log "decomposed" under the id zoë
      When the vault ingests the provider's logs
      Then the job completes
      And it counts 3 records and their bytes
      And each of its logs is byte for byte what the provider served

  Rule: A log keeps its provider's time and lies under its day in UTC

    @extended @API-22 @API-23
    Scenario Outline: A log of <time> UTC is dated in the zone <zone>
      Given the provider "aws_cloudtrail" offers the log "login", dated <time> UTC and written in the zone <zone>
      When the vault ingests the provider's logs
      Then the job completes
      And the object of "login" is filed under its day in UTC
      And its metadata keeps the timestamp as the provider wrote it

      Examples:
        | time               | zone   |
        |           23:30:00 | +02:00 |
        |           00:30:00 | -02:00 |
        |           18:15:00 | +05:45 |
        |           10:00:00 | +14:00 |
        | 23:59:59.123456789 | Z      |
        |       12:00:00.120 | +00:00 |
        | 12:00:00.999999999 | -12:00 |

    @extended @API-23
    Scenario: A log reaches its provider days late
      Given the provider "aws_cloudtrail" lists the log "login" today, though it is dated 3 days ago
      When the vault ingests the provider's logs
      Then the job completes
      And search finds "login" once
      And the object of "login" is filed under its day in UTC

    @extended @API-23
    Scenario: A listing is in no order
      Given the provider "aws_cloudtrail" offers the log "second", dated 12:00:00 UTC of the day
      And the provider "aws_cloudtrail" offers the log "third", dated 18:00:00 UTC of the day
      And the provider "aws_cloudtrail" offers the log "first", dated 06:00:00 UTC of the day
      And it lists 1 logs a page
      When the vault ingests the provider's logs
      Then the job completes
      And each of its logs is byte for byte what the provider served

  Rule: The vault asks for the range and shows the key that it was given

    @extended @API-24 @SEC-1
    Scenario: Only what lies in the range is collected
      Given the provider "okta_system_log" offers the log "before", dated 09:59:59.999 UTC of the day
      And the provider "okta_system_log" offers the log "first", dated 10:00:00 UTC of the day
      And the provider "okta_system_log" offers the log "last", dated 10:59:59.999 UTC of the day
      And the provider "okta_system_log" offers the log "after", dated 11:00:00 UTC of the day
      And it lists 1 logs a page
      When the vault ingests the provider's logs from 10:00:00Z to 11:00:00Z
      Then the job completes
      And search finds "first" once
      And search finds "last" once
      And search does not find "before"
      And search does not find "after"
      And every call to the provider carried its key

    @extended @SEC-2
    Scenario Outline: The provider refuses <call> with <status> and repeats the key
      Given the provider "okta_system_log" offers the log "login"
      And the provider refuses the first request for <call> with <status> and repeats the key
      When the vault ingests the provider's logs
      Then the job fails with the code "<code>"
      And it says why in plain words
      And neither an answer nor the output of the vault shows the key

      Examples:
        | call        | status | code                  |
        | its listing |    401 | provider_unauthorized |
        | "login"     |    403 | provider_unauthorized |
        | "login"     |    400 | provider_rejected     |

  Rule: A provider that stumbles is asked again

    @extended @RES-10
    Scenario Outline: The provider answers a request for <call> with <fault>
      Given the provider "okta_system_log" offers the log "login"
      And the provider answers the first 1 requests for <call> with "<fault>"
      When the vault ingests the provider's logs
      Then the job completes
      And the raw log "login" is byte for byte what the provider served

      Examples:
        | call        | fault              |
        | its listing |                429 |
        | its listing |                500 |
        | its listing |                502 |
        | its listing |                503 |
        | its listing | a connection reset |
        | "login"     |                429 |
        | "login"     |                500 |
        | "login"     |                504 |
        | "login"     | a connection reset |

    @extended @RES-10
    Scenario: Providers fall silent over a listing, over a log, and in the middle of a log
      Given the provider "okta_system_log" offers the log "login"
      And the provider answers the first 1 requests for its listing with "silence"
      And the provider "github_audit" offers the log "push"
      And the provider answers the first 1 requests for "push" with "silence"
      And the provider "aws_cloudtrail" offers the log "create"
      And the provider answers the first 1 requests for "create" with "half a body and then silence"
      When the vault ingests the logs of each provider
      Then each job completes
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
        | damage                                |
        | a body cut short                      |
        | a body that does not match its digest |

    @extended @RES-15
    Scenario: The provider sends a compressed body that does not match its digest
      Given the provider "okta_system_log" offers the log "login" with insignificant white space, sent compressed in transport
      And the provider answers the first 1 requests for "login" with "a body that does not match its digest"
      When the vault ingests the provider's logs
      Then the job completes
      And the raw log "login" is byte for byte what the provider served

    @extended @RES-10
    Scenario Outline: In place of a listing the provider sends <text>
      Given the provider "okta_system_log" offers the log "login"
      And the provider answers the first 1 requests for its listing with "<text>"
      When the vault ingests the provider's logs
      Then the job completes
      And the raw log "login" is byte for byte what the provider served

      Examples:
        | text                         |
        | an empty body                |
        | a page for humans            |
        | JSON cut off                 |
        | the word null                |
        | a list alone                 |
        | no logs member               |
        | logs that are null           |
        | logs that are no list        |
        | an entry without an id       |
        | an id that is a number       |
        | an entry without a timestamp |
        | a timestamp that is no time  |
        | a cursor that is a number    |

    @extended @RES-10
    Scenario: The provider stumbles in the middle of a listing
      Given the provider "okta_system_log" offers 4 distinct logs
      And it lists 2 logs a page
      And the provider answers the first 2 requests for the further pages of its listing with "502"
      When the vault ingests the provider's logs
      Then the job completes
      And it counts 4 records and their bytes

    @extended @RES-11
    Scenario: The vault does not hammer on a provider that stumbles
      Given the provider "okta_system_log" offers the log "login"
      And the provider answers the first 2 requests for "login" with "503"
      When the vault ingests the provider's logs
      Then the job completes
      And the vault waited each time before it asked for "login" again

    @extended @RES-11 @settings
    Scenario: A provider that may be asked again at once is not hammered on either
      Given a vault whose waits between attempts begin with 200 ms
      And the provider "okta_system_log" offers the log "login"
      And the provider answers the first 2 requests for "login" with "429 with Retry-After 0"
      When the vault ingests the provider's logs
      Then the job completes
      And the vault waited each time before it asked for "login" again

    @extended @RES-11
    Scenario Outline: The provider answers <status> and asks to be left alone for a second
      Given the provider "okta_system_log" offers the log "login"
      And the provider answers the first 1 requests for "login" with "<status> with Retry-After 1"
      When the vault ingests the provider's logs
      Then the job completes
      And the vault waited at least 1 second before it asked for "login" again

      Examples:
        | status |
        |    429 |
        |    503 |

  Rule: A provider that cannot help fails the job, and the job says how

    @extended @RES-12
    Scenario Outline: The provider answers every request for <call> with <fault>
      Given the provider "okta_system_log" offers the log "login"
      And the provider answers every request for <call> with "<fault>"
      When the vault ingests the provider's logs
      Then the job fails with the code "provider_unavailable"
      And it says why in plain words
      And no metadata describes "login"

      Examples:
        | call        | fault              |
        | its listing |                503 |
        | its listing | a page for humans  |
        | "login"     |                429 |
        | "login"     | a connection reset |

    @extended @RES-12 @RES-15
    Scenario Outline: The provider never sends anything but <damage>
      Given the provider "okta_system_log" offers the log "login"
      And the provider answers every request for "login" with "<damage>"
      When the vault ingests the provider's logs
      Then the job fails with the code "provider_unavailable"
      And no metadata describes "login"
      And storage holds nothing of "login"

      Examples:
        | damage                                |
        | a body cut short                      |
        | a body that does not match its digest |

    @extended @RES-13
    Scenario Outline: The provider withdraws the key when asked for <call>, with <status>
      Given the provider "okta_system_log" offers 3 distinct logs
      And it lists 2 logs a page
      And the provider answers the first 1 requests for <call> with "<status>"
      When the vault ingests the provider's logs
      Then the job fails with the code "provider_unauthorized"

      Examples:
        | call                             | status |
        | its listing                      |    401 |
        | the further pages of its listing |    403 |
        | "log 2"                          |    401 |
        | "log 3"                          |    403 |

    @extended @RES-14
    Scenario Outline: The provider answers a request for <call> with <status>
      Given the provider "okta_system_log" offers the log "login"
      And the provider "okta_system_log" offers the log "logout"
      And the provider answers the first 1 requests for <call> with "<status>"
      When the vault ingests the provider's logs
      Then the job fails with the code "provider_rejected"
      And no metadata describes "login"

      Examples:
        | call        | status |
        | "login"     |    400 |
        | "login"     |    404 |
        | "login"     |    410 |
        | "login"     |    204 |
        | "login"     |    206 |
        | "login"     |    304 |
        | its listing |    204 |
        | its listing |    404 |

    @extended @RES-14
    Scenario Outline: The provider redirects a request with <status>
      Given the provider "okta_system_log" offers the log "login"
      And the provider "okta_system_log" has the log "elsewhere", but does not list it today
      And the provider redirects the first request for "login" to "elsewhere", with <status>
      When the vault ingests the provider's logs
      Then the job fails with the code "provider_rejected"
      And the provider was never asked for "elsewhere"

      Examples:
        | status |
        |    301 |
        |    302 |
        |    303 |
        |    307 |
        |    308 |

    @extended @RES-14
    Scenario: The provider redirects the listing
      Given the provider "okta_system_log" offers the log "login"
      And the provider redirects the first request for its listing to where it lists them too
      When the vault ingests the provider's logs
      Then the job fails with the code "provider_rejected"

  Rule: What transport does to a payload is undone, and nothing else

    @extended @FID-4 @FID-10
    Scenario: Three providers send a log each, little by little, at the same time
      Given the provider "aws_cloudtrail" offers the log "create" with decimals in unusual notations, sent little by little
      And the provider "okta_system_log" offers the log "login" with integers beyond 64 bits, sent little by little
      And the provider "github_audit" offers the log "push" with lone surrogate escapes, sent little by little
      When the vault ingests the logs of each provider
      Then each job completes
      And each of its logs is byte for byte what the provider served

    @extended @FID-10
    Scenario Outline: A payload with <kind> is sent <how>
      Given the provider "aws_cloudtrail" offers the log "login" with <kind>, sent <how>
      When the vault ingests the provider's logs
      Then the job completes
      And the raw log "login" is byte for byte what the provider served
      And the raw answer, search, metadata and the stored object agree on the checksum of "login"

      Examples:
        | kind                            | how                       |
        | Unicode in several normal forms | compressed in transport   |
        | Unicode in several normal forms | byte by byte              |
        | Unicode in several normal forms | in chunks of 7 bytes      |
        |             64 KiB and one byte | compressed and in chunks  |
        | lone surrogate escapes          | with its digest           |
        | insignificant white space       | in chunks with its digest |

    @extended @FID-11
    Scenario Outline: A payload that is <kind> is sent <how>
      Given the provider "aws_cloudtrail" offers the log "login", which is <kind>, sent <how>
      When the vault ingests the provider's logs
      Then the job completes
      And the raw log "login" is byte for byte what the provider served
      And it counts 1 records and their bytes

      Examples:
        | kind          | how                     |
        | compressed    | compressed in transport |
        | compressed    | with its digest         |
        | invalid UTF-8 | byte by byte            |
        | empty         | compressed in transport |
        | empty         | with its digest         |
