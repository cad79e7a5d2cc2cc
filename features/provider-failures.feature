Feature: Provider failures
  Some providers do not come back, and some refuse.
  A job that ends without its logs has to say so and why, for nobody else will look for them.

  Rule: A provider that cannot or will not deliver fails the job, and the job says why

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
        | "login"     |                429 |
        | "login"     | a connection reset |

    @extended @RES-12 @RES-15
    Scenario Outline: The provider sends <damage> every time
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
        | an encoding that nobody can undo      |

    @extended @RES-13
    Scenario Outline: The provider withdraws the key when asked for <call>, with <status>
      Given the provider "okta_system_log" offers 3 logs
      And it lists 2 logs a page
      And the provider answers the first request for <call> with "<status>"
      When the vault ingests the provider's logs
      Then the job fails with the code "provider_unauthorized"

      Examples:
        | call                             | status                 |
        | its listing                      |                    401 |
        | the further pages of its listing |                    403 |
        | "log 3"                          | 403 with Retry-After 1 |

    @extended @RES-14
    Scenario Outline: The provider answers a request for <call> with <status>
      Given the provider "okta_system_log" offers the log "login"
      And the provider "okta_system_log" offers the log "logout"
      And the provider answers the first request for <call> with "<status>"
      When the vault ingests the provider's logs
      Then the job fails with the code "provider_rejected"
      And no metadata describes "login"

      Examples:
        | call        | status |
        | "login"     |    400 |
        | "login"     |    404 |
        | "login"     |    408 |
        | "login"     |    204 |
        | "login"     |    206 |
        | "login"     |    304 |
        | its listing |    204 |
        | its listing |    404 |

    @extended @RES-14
    Scenario: The provider fails for a moment, and then refuses
      Given the provider "okta_system_log" offers the log "login"
      And the provider answers the first request for "login" with "503"
      And the provider answers the first request for "login" with "404"
      When the vault ingests the provider's logs
      Then the job fails with the code "provider_rejected"
      And no metadata describes "login"

    @extended @RES-14
    Scenario Outline: The provider redirects a request with <status>
      Given the provider "okta_system_log" offers the log "login"
      And the provider "okta_system_log" offers the log "elsewhere", dated 3 days ago
      And the provider redirects the first request for "login" to "elsewhere", with <status>
      When the vault ingests the provider's logs
      Then the job fails with the code "provider_rejected"
      And the provider was never asked for "elsewhere"

      Examples:
        | status |
        |    301 |
        |    307 |

    @extended @RES-14
    Scenario: The provider redirects the listing
      Given the provider "okta_system_log" offers the log "login"
      And the provider redirects the first request for its listing to another address that lists the same logs
      When the vault ingests the provider's logs
      Then the job fails with the code "provider_rejected"
