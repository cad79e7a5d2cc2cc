Feature: Ingestion
  A client says what to collect and moves on.
  A vault that keeps it waiting, or accepts what it cannot do, is not trusted for long.

  Rule: A good request is accepted at once

    @core @API-10 @API-16
    Scenario: The vault does not keep its client waiting while it waits for the provider
      Given the provider "okta_system_log" offers the log "login"
      And the provider holds back its listing
      When a client asks the vault to ingest the provider's logs
      Then the request is accepted
      And its job is active and names no manifest
      When the provider answers at last
      Then the job completes

    @core @API-10
    Scenario Outline: A client asks with <priority> priority
      Given the provider "okta_system_log" offers the log "login"
      When a client asks the vault to ingest the provider's logs with <priority> priority
      Then the request is accepted
      And the job completes

      Examples:
        | priority |
        | high     |
        | low      |

    @extended @API-11
    Scenario: The answer says where to find the job
      Given the provider "okta_system_log" offers the log "login"
      When a client asks the vault to ingest the provider's logs
      Then the request is accepted
      And the answer says where to find the job
      And the job completes

    @extended @API-11
    Scenario Outline: A client writes UTC as <from>
      Given the provider "okta_system_log" offers the log "login"
      When a client asks the vault to ingest the provider's logs from <from> to <to>
      Then the request is accepted
      And the job completes

      Examples:
        | from                     | to                  |
        |                00:00:00Z |      23:59:59+00:00 |
        | 00:00:00.000000001+00:00 | 23:59:59.999999999Z |

    @extended @API-11
    Scenario Outline: A client asks for <what>
      Given the provider "okta_system_log" offers the log "login"
      When a client asks the vault to ingest the provider's logs from <start> to <end>
      Then the request is accepted
      And the job completes

      Examples:
        | what                        | start                           | end                  |
        | a leap day                  |            2028-02-29T00:00:00Z | 2028-03-01T00:00:00Z |
        | twenty years                |            2001-01-01T00:00:00Z | 2021-01-01T00:00:00Z |
        | days in the future          |            2090-01-01T00:00:00Z | 2090-02-01T00:00:00Z |
        | a second, with ten decimals | 2026-01-01T12:00:00.0000000001Z | 2026-01-01T12:00:01Z |

    @extended @API-11
    Scenario: A client sends its request as application/json; charset=utf-8
      Given the provider "okta_system_log" offers the log "login"
      When a client asks the vault to ingest the provider's logs in a request declared as application/json; charset=utf-8
      Then the request is accepted
      And the job completes

    @extended @API-11
    Scenario: A client adds an unknown member to the range
      Given the provider "okta_system_log" offers the log "login"
      When a client asks the vault to ingest the provider's logs and adds the member note to the range
      Then the request is accepted
      And the job completes

    @extended @API-11 @CON-11
    Scenario: The answer says where to find a job that is already active
      Given the provider "okta_system_log" offers the log "login"
      And the provider holds back its listing
      And the vault is at work on the provider's logs
      When a client asks the vault to ingest the provider's logs
      Then the request is accepted
      And the answer says where to find the job
      When the provider answers at last
      Then the job completes

    @extended @API-11
    Scenario: A request is as long as it may be
      Given the provider "okta_system_log" offers the log "login"
      When a client asks the vault to ingest the provider's logs in a request of 65536 bytes
      Then the request is accepted
      And the job completes

  Rule: No member of a request affects how the vault treats the next one

    @extended @SEC-4
    Scenario Outline: A client adds the member <member>
      Given the provider "okta_system_log" offers the log "login"
      When a client asks the vault to ingest the provider's logs and adds the member <member>
      Then the request is accepted, or refused with 400 in plain words
      And the vault still accepts a good request and refuses a bad one

      Examples:
        | member                   |
        | __proto__                |
        | constructor              |
        | __proto__ to the range   |
        | constructor to the range |
