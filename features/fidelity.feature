Feature: Fidelity
  An auditor has to know that these are the bytes the provider sent.
  A vault that tidies evidence up has altered it.

  Rule: Every payload is kept byte for byte, whatever it holds

    @core @FID-1 @FID-2
    Scenario Outline: A payload with <kind> comes back unchanged
      Given the provider "aws_cloudtrail" offers the log "login", which has <kind>
      When the vault ingests the provider's logs
      Then the job completes
      And the raw log "login" is byte for byte what the provider served
      And its structure is what the provider served
      And the raw answer, search, metadata and the stored object agree on the checksum of "login"

      Examples: text
        | kind                                |
        | Unicode in several normal forms     |
        | lone surrogate escapes              |
        | unusual string escapes              |
        | hostile markup and terminal escapes |
        | Windows line ends                   |
        | data that looks personal            |

      Examples: numbers
        | kind                          |
        | integers beyond 64 bits       |
        | decimals in unusual notations |

      Examples: structure
        | kind                                    |
        | duplicate keys                          |
        | keys that programming languages reserve |

      Examples: size
        | kind                 |
        | 64 KiB less one byte |
        |               64 KiB |
        |  64 KiB and one byte |
        |                5 MiB |

    @extended @FID-2 @FID-3
    Scenario Outline: A payload that is <kind> is kept as it is
      Given the provider "github_audit" offers the log "login", which is <kind>
      When the vault ingests the provider's logs
      Then the job completes
      And the raw log "login" is byte for byte what the provider served
      And the raw answer, search, metadata and the stored object agree on the checksum of "login"

      Examples:
        | kind                     |
        | led by a byte order mark |
        | invalid UTF-8            |
        | UTF-16                   |
        | the bare word null       |
        | nothing but white space  |
        | compressed               |
        | empty                    |

    @extended @FID-3 @settings
    Scenario: A payload is larger than a document of MongoDB may be
      Given a vault that gives each call 10 seconds
      And the provider "aws_cloudtrail" offers the log "login", which has 17 MiB
      When the vault ingests the provider's logs
      Then the job completes
      And the raw log "login" is byte for byte what the provider served

  Rule: Every log of a job is kept, and none is mistaken for another

    @core @FID-1 @FID-2 @FID-4
    Scenario: A job brings 101 distinct logs over several pages
      Given the provider "okta_system_log" offers 101 logs
      And it lists 40 logs a page
      When the vault ingests the provider's logs
      Then the job completes
      And it counts 101 logs, to the byte
      And each of its logs is byte for byte what the provider served
      And the raw answer, search, metadata and the stored object agree on the checksum of each of its logs
      And its manifest lists 101 logs, as metadata and storage have them

    @extended @FID-4
    Scenario Outline: Logs with the same <common> are different logs
      Given the provider "okta_system_log" offers 3 logs with the same <common>
      When the vault ingests the provider's logs
      Then the job completes
      And it counts 3 logs, to the byte
      And each of its logs is byte for byte what the provider served

      Examples:
        | common    |
        | bytes     |
        | timestamp |
