Feature: Transport
  A payload may travel compressed, in chunks, or byte by byte; none of that is part of the evidence.
  A vault that keeps the wrapping, or unwraps too much, has kept something else.

  Rule: What transport did to a payload is undone, and nothing else

    @extended @FID-4 @FID-10
    Scenario: Three providers send a log each, little by little, at the same time
      Given the provider "aws_cloudtrail" offers the log "create", which has decimals in unusual notations, sent little by little
      And the provider "okta_system_log" offers the log "login", which has integers beyond 64 bits, sent little by little
      And the provider "github_audit" offers the log "push", which has lone surrogate escapes, sent little by little
      When the vault ingests the logs of each provider
      Then every job completes
      And each of its logs is byte for byte what the provider served

    @extended @FID-4 @FID-10
    Scenario: Three providers send a large log each, piece by piece, at the same time
      Given the provider "aws_cloudtrail" offers the large log "create", sent piece by piece
      And the provider "okta_system_log" offers the large log "login", sent piece by piece
      And the provider "github_audit" offers the large log "push", sent piece by piece
      When the vault ingests the logs of each provider
      Then every job completes
      And each of its logs is byte for byte what the provider served

    @extended @FID-10
    Scenario Outline: A payload with <kind> is sent <how>
      Given the provider "aws_cloudtrail" offers the log "login", which has <kind>, sent <how>
      When the vault ingests the provider's logs
      Then the job completes
      And the raw log "login" is byte for byte what the provider served
      And the raw answer, search, metadata and the stored object agree on the checksum of "login"

      Examples:
        | kind                            | how                                         |
        | Unicode in several normal forms | compressed in transport                     |
        | Unicode in several normal forms | in chunks of 7 bytes                        |
        |                           5 MiB | compressed in transport                     |
        | lone surrogate escapes          | with its digest                             |
        | Unicode in several normal forms | compressed, with the digest of what is sent |
        | Unicode in several normal forms | declared as application/json; charset=utf-8 |

    @extended @FID-11
    Scenario Outline: A payload that is <kind> is sent <how>
      Given the provider "aws_cloudtrail" offers the log "login", which is <kind>, sent <how>
      When the vault ingests the provider's logs
      Then the job completes
      And the raw log "login" is byte for byte what the provider served
      And it counts 1 log, to the byte

      Examples:
        | kind       | how                     |
        | compressed | compressed in transport |
        | empty      | compressed in transport |
