Feature: Ingestion
  A client says what to collect and goes its way.
  A vault that keeps it waiting, or takes on what it cannot do, is not relied on for long.

  Rule: What can be done is accepted at once

    @core @API-10 @API-16
    Scenario: The provider keeps the vault waiting, but the vault not its client
      Given the provider "okta_system_log" offers the log "login"
      And the provider holds back its listing
      When a client asks for the provider's logs
      Then the request is accepted
      And its job is under way and names no manifest
      And after the provider recovers its job completes

    @core @API-10
    Scenario Outline: A client asks with <priority> priority
      Given the provider "okta_system_log" offers the log "login"
      When a client asks for the provider's logs with the priority <priority>
      Then the request is accepted
      And its job completes

      Examples:
        | priority |
        | high     |
        | normal   |
        | low      |

    @extended @API-11
    Scenario: The answer says where the job is found
      Given the provider "okta_system_log" offers the log "login"
      When a client asks for the provider's logs
      Then the request is accepted
      And the answer says where to find the job
      And its job completes

    @extended @API-11
    Scenario Outline: A client writes UTC as <from>
      Given the provider "okta_system_log" offers the log "login"
      When a client asks for the provider's logs from <from> to <to> of the day
      Then the request is accepted
      And its job completes

      Examples:
        | from                     | to                  |
        |                00:00:00Z |      23:59:59+00:00 |
        |           00:00:00+00:00 |           23:59:59Z |
        |              00:00:00.5Z |  23:59:59.250+00:00 |
        | 00:00:00.000000001+00:00 | 23:59:59.999999999Z |

    @extended @API-11
    Scenario Outline: A client declares its document <media type>
      Given the provider "okta_system_log" offers the log "login"
      When a client asks for the provider's logs in a document declared <media type>
      Then the request is accepted
      And its job completes

      Examples:
        | media type                       |
        | application/json; charset=utf-8  |
        | application/json;charset="utf-8" |

    @extended @API-11
    Scenario: A document is as long as it may be
      Given the provider "okta_system_log" offers the log "login"
      When a client asks for the provider's logs in a document of 65536 bytes
      Then the request is accepted
      And its job completes

  Rule: No member of a request changes what the vault makes of the next

    @extended @SEC-4
    Scenario Outline: A client adds the member <member>
      Given the provider "okta_system_log" offers the log "login"
      When a client asks for the provider's logs and adds the member <member>
      Then the request is accepted, or refused with 400 in plain words
      And the vault still knows a good request from a bad one

      Examples:
        | member                   |
        | __proto__                |
        | constructor              |
        | prototype                |
        | __proto__ to the range   |
        | constructor to the range |
