Feature: Search
  An auditor proves that nothing is missing by reading the list from its first page to its last.
  A list that shifts, repeats or skips logs proves nothing.

  Rule: Logs are listed in the order in which they happened, and by id where they happened at once

    @extended @API-30
    Scenario: Jobs bring logs in another order than they happened in
      Given the providers "aws_cloudtrail" and "github_audit" offer 6 logs each, taking turns
      When the vault ingests the later half of each before the earlier half
      Then search lists the logs in the order in which they happened

    @extended @API-30
    Scenario: Timestamps are written with different precisions and offsets
      Given the provider "aws_cloudtrail" offers 1 log at each of these times, the last one first
        | time of day              |
        |           12:59:59+01:00 |
        |      11:59:59.999999999Z |
        |                12:00:00Z |
        |      12:00:00.000000001Z |
        |      12:00:00.123456788Z |
        | 14:00:00.123456789+02:00 |
        |      12:00:00.123456790Z |
        |           12:00:00.1235Z |
        |        06:30:00.45-05:30 |
        |              12:00:00.5Z |
        |          12:00:00.50001Z |
        |                12:00:01Z |
        |    13:00:01.000001+01:00 |
      When the vault ingests the provider's logs
      Then search lists the logs in the order in which they happened

    @extended @API-30
    Scenario: Logs of one instant are listed in the order of their ids
      Given the provider "okta_system_log" offers 3 logs at each of these times, the last one first
        | time of day          |
        |          12:00:00.5Z |
        |        12:00:00.500Z |
        |    14:00:00.50+02:00 |
        |  12:00:00.500000000Z |
        | 12:00:00.5000000004Z |
      When the vault ingests the provider's logs
      Then search lists the logs in the order in which they happened

    @extended @API-30
    Scenario: Logs are many years apart
      Given the provider "aws_cloudtrail" lists the log "of the next century" today, though it is dated 2106-02-07T06:28:16Z
      And the provider "aws_cloudtrail" lists the log "of this one" today, though it is dated 2026-01-01T00:00:00Z
      And the provider "aws_cloudtrail" lists the log "of the last one" today, though it is dated 1999-12-31T23:59:59Z
      And the provider "aws_cloudtrail" lists the log "of its middle" today, though it is dated 2038-01-19T03:14:08Z
      When the vault ingests the provider's logs
      Then search lists the logs in the order in which they happened

  Rule: A page shows exactly its part of the list, and says whether more follows

    @core @API-31
    Scenario: The auditor asks for every kind of page
      Given the vault ingested 7 logs
      Then search shows of these 7 logs
        | limit | offset     | logs   | more |
        |     1 |          0 |      1 | yes  |
        |     1 |          5 |      6 | yes  |
        |     1 |          6 |      7 | no   |
        |     1 |          7 | none   | no   |
        |     3 |          0 | 1 to 3 | yes  |
        |     3 |          1 | 2 to 4 | yes  |
        |     3 |          2 | 3 to 5 | yes  |
        |     3 |          3 | 4 to 6 | yes  |
        |     3 |          4 | 5 to 7 | no   |
        |     3 |          5 | 6 to 7 | no   |
        |     3 |          6 |      7 | no   |
        |     3 |          7 | none   | no   |
        |     3 |          8 | none   | no   |
        |     6 |          0 | 1 to 6 | yes  |
        |     7 |          0 | 1 to 7 | no   |
        |     8 |          0 | 1 to 7 | no   |
        |  1000 |          0 | 1 to 7 | no   |
        |  1000 |          6 |      7 | no   |
        |    50 | 1000000000 | none   | no   |

    @core @API-31
    Scenario: Auditors ask for different pages at the same time
      Given the vault ingested 12 logs
      When 36 auditors search at once, each for a page of its own
      Then each of them is shown the page that was asked for

    @core @API-31
    Scenario: Nothing was ingested yet
      Then search shows of these 0 logs
        | limit | offset | logs | more |
        |       |        | none | no   |
        |     1 |      0 | none | no   |
        |  1000 |      1 | none | no   |

    @extended @API-32
    Scenario: A search without a limit or an offset uses the defaults
      Given the vault ingested 103 logs
      Then search shows of these 103 logs
        | limit | offset | logs      | more |
        |       |        |   1 to 50 | yes  |
        |       |     52 | 53 to 102 | yes  |
        |       |     53 | 54 to 103 | no   |
        |    51 |        |   1 to 51 | yes  |
        |   102 |        |  1 to 102 | yes  |
        |  1000 |        |  1 to 103 | no   |

  Rule: The list does not shift while it is read

    @extended @API-33
    Scenario: The same search gets the same answer
      Given the provider "okta_system_log" offers 3 logs at each of these times, the last one first
        | time of day |
        |   12:00:00Z |
        | 12:00:00.0Z |
        |   12:00:01Z |
      When the vault ingests the provider's logs
      Then each page of 2 logs is the same all 5 times it is asked for

    @extended @API-33
    Scenario: Later logs are added while the auditor goes through the pages
      Given the vault ingested 7 logs
      When the auditor goes through pages of 3 logs, and a later log is ingested before each of the first 3 pages
      Then the auditor has seen each log once and in order
