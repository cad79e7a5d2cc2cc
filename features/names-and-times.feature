Feature: Names and times
  A log keeps the id and the time that its provider gave it.
  If nobody can say where a log came from and when it happened, it proves nothing, even with every byte in place.

  Rule: A log is fetched, stored and described under the provider's id for it

    @extended @API-21 @API-22
    Scenario Outline: The id of a log has <oddity>
      Given the provider "github_audit" offers the log "login", whose id has <oddity>
      When the vault ingests the provider's logs
      Then the job completes
      And the raw log "login" is byte for byte what the provider served
      And the metadata of "login" names its provider, its id and its timestamp there, and the job that wrote it

      Examples:
        | oddity                               |
        | slashes                              |
        | spaces                               |
        | characters that look percent-encoded |
        | a tab and a line break               |
        |        200 characters beyond 16 bits |

    @extended @API-21 @API-22
    Scenario: The ids of logs are words that mean something to programs
      Given the provider "github_audit" offers the log "zero", whose id is 0
      And the provider "github_audit" offers the log "agent", whose id is 007
      And the provider "github_audit" offers the log "nothing", whose id is null
      And the provider "github_audit" offers the log "builder", whose id is constructor
      And the provider "github_audit" offers the log "ancestor", whose id is __proto__
      And the provider "github_audit" offers the log "listing", whose id is logs
      And the provider "github_audit" offers the log "dots", whose id is ...
      When the vault ingests the provider's logs
      Then the job completes
      And it counts 7 logs, to the byte
      And each of its logs is byte for byte what the provider served

    @extended @API-22 @CON-12
    Scenario: Ids differ only in case or in Unicode form
      Given the provider "github_audit" offers the log "upper" under the id Zoë
      And the provider "github_audit" offers the log "lower" under the id zoë
      And the provider "github_audit" offers the log "decomposed" under the id zoë
      When the vault ingests the provider's logs
      Then the job completes
      And it counts 3 logs, to the byte
      And each of its logs is byte for byte what the provider served

  Rule: A log keeps its provider's timestamp and is filed under its day in UTC

    @extended @API-22 @API-23
    Scenario Outline: A log of <time> UTC is dated in the time zone <zone>
      Given the provider "aws_cloudtrail" offers the log "login", dated <time> UTC and written in the time zone <zone>
      When the vault ingests the provider's logs
      Then the job completes
      And the object of "login" is filed under its day in UTC
      And the metadata of "login" names its provider, its id and its timestamp there, and the job that wrote it

      Examples:
        | time               | zone   |
        |           23:30:00 | +02:00 |
        |           00:30:00 | -03:30 |
        | 23:59:59.123456789 | Z      |
        |       12:00:00.120 | +00:00 |
        | 23:59:59.999999999 | Z      |

    @extended @API-23
    Scenario Outline: A provider lists a log today that is dated 3 days <aside>
      Given the provider "aws_cloudtrail" lists the log "login" today, though it is dated 3 days <aside>
      When the vault ingests the provider's logs
      Then the job completes
      And search finds "login" once
      And the object of "login" is filed under its day in UTC

      Examples:
        | aside |
        | ago   |
        | ahead |

    @extended @API-22 @API-23
    Scenario Outline: A provider lists a log today that is dated <time>
      Given the provider "aws_cloudtrail" lists the log "login" today, though it is dated <time>
      When the vault ingests the provider's logs
      Then the job completes
      And search finds "login" once
      And the object of "login" is filed under its day in UTC
      And the metadata of "login" names its provider, its id and its timestamp there, and the job that wrote it

      Examples: a leap day, a week that ends in another year
        | time                 |
        | 2024-02-29T12:00:00Z |
        | 2024-12-30T12:00:00Z |

    @extended @API-17 @API-22 @API-30 @settings
    Scenario: The vault's machine is set to the time zone of Los Angeles
      Given a vault whose machine is set to the time zone of Los Angeles
      And the provider "okta_system_log" offers 1 log at each of these times, the last one first
        | time of day    |
        |      00:30:00Z |
        | 03:30:00+02:00 |
        |      23:30:00Z |
      When the vault ingests the provider's logs
      Then the job completes
      And each of its logs is filed under its day in UTC
      And its manifest lists 3 logs, as metadata and storage have them
      And search lists the logs in the order in which they happened

    @extended @API-23
    Scenario: A listing is in no particular order
      Given the provider "aws_cloudtrail" offers the log "second", dated 12:00:00 UTC
      And the provider "aws_cloudtrail" offers the log "third", dated 18:00:00 UTC
      And the provider "aws_cloudtrail" offers the log "first", dated 06:00:00 UTC
      And it lists 1 log a page
      When the vault ingests the provider's logs
      Then the job completes
      And each of its logs is byte for byte what the provider served
