Feature: Provider waits
  A provider that is overloaded needs time to recover.
  A vault that asks again at once makes the overload worse, and may be locked out.

  Rule: The vault gives a provider time before it asks again

    @extended @RES-11
    Scenario: The vault waits before it asks for a listing again
      Given the provider "okta_system_log" offers the log "login"
      And the provider answers the first 2 requests for its listing with "503"
      When the vault ingests the provider's logs
      Then the job completes
      And the vault waited each time before it asked for its listing again

    @extended @RES-11 @settings
    Scenario Outline: The vault waits before it asks again after <fault>
      Given a vault whose waits between attempts begin with 200 ms
      And the provider "okta_system_log" offers the log "login"
      And the provider answers the first 2 requests for "login" with "<fault>"
      When the vault ingests the provider's logs
      Then the job completes
      And the vault waited each time before it asked for "login" again

      Examples:
        | fault                                 |
        |                429 with Retry-After 0 |
        |             503 with Retry-After soon |
        | a connection reset                    |
        | a body that does not match its digest |

  Rule: The vault waits at least as long as the provider asks it to

    @extended @RES-11
    Scenario Outline: The provider answers a request for <call> with <status> and Retry-After <seconds>
      Given the provider "okta_system_log" offers the log "login"
      And the provider answers the first request for <call> with "<status> with Retry-After <seconds>"
      When the vault ingests the provider's logs
      Then the job completes
      And the vault waited at least <seconds> seconds before it asked for <call> again

      Examples:
        | call        | status | seconds |
        | its listing |    429 |       1 |
        | "login"     |    429 |       3 |
        | "login"     |    500 |       1 |

    @extended @RES-11
    Scenario: The provider asks the vault to wait when it fails for the second time
      Given the provider "okta_system_log" offers the log "login"
      And the provider answers the first request for "login" with "503"
      And the provider answers the first request for "login" with "429 with Retry-After 1"
      When the vault ingests the provider's logs
      Then the job completes
      And the vault waited at least 1 second before it asked for "login" the third time
