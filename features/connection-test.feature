Feature: Connection test
  An operator wants to know that a key works before evidence depends on it.
  A test that vouches for a key nobody tried, or that spreads the key, is worse than none.

  Rule: A connection is secure when the provider accepts this very key

    @core @API-40
    Scenario: The provider accepts the key
      Given an API key that the provider accepts
      When the operator tests the connection
      Then the vault answers that the connection is secure, and how long that took
      And the provider was asked about the key once

    @extended @API-40
    Scenario: The provider takes its time, but not too long
      Given an API key that the provider accepts
      And the provider answers the connection test late
      When the operator tests the connection
      Then the vault answers that the connection is secure, and how long that took
      And that is as long as the provider took at least

    @extended @API-40
    Scenario: The provider has nothing to say but that the key is fine
      Given an API key that the provider accepts
      And the provider answers the connection test with "200 without a body"
      When the operator tests the connection
      Then the vault answers that the connection is secure, and how long that took

    @extended @API-40 @settings
    Scenario: The provider is found below the path of its address
      Given a vault whose provider is found below the path /api/v2
      And an API key that the provider accepts
      When the operator tests the connection
      Then the vault answers that the connection is secure, and how long that took

    @extended @API-45
    Scenario: MongoDB is not needed
      Given an API key that the provider accepts
      And MongoDB cannot be reached
      When the operator tests the connection
      Then the vault answers that the connection is secure, and how long that took

    @core @API-40
    Scenario: The provider comes to know a key that it has refused
      Given an API key that the provider does not know
      And the operator tested the connection, and the vault said 401
      And the provider now accepts the key
      When the operator tests the connection
      Then the vault answers that the connection is secure, and how long that took

    @core @API-40
    Scenario: A key is long
      Given an API key of 2000 characters that the provider accepts
      When the operator tests the connection
      Then the vault answers that the connection is secure, and how long that took

    @extended @API-40
    Scenario: The provider is back after it was down
      Given an API key that the provider accepts
      And the provider answers the connection test with "503"
      And the operator tested the connection, and the vault said 502
      When the operator tests the connection
      Then the vault answers that the connection is secure, and how long that took

  Rule: A refused key is told apart from a provider that cannot be asked

    @core @API-41
    Scenario: The provider does not know the key
      Given an API key that the provider does not know
      When the operator tests the connection
      Then the vault answers that the credentials are invalid

    @core @API-41
    Scenario: The provider has withdrawn a key that it knew
      Given an API key that the provider accepts
      And the operator tested the connection, and the vault said 200
      And the provider has withdrawn the key
      When the operator tests the connection
      Then the vault answers that the credentials are invalid

    @core @API-40 @API-41
    Scenario: Two operators try different keys at the same time
      Given an API key that the provider accepts
      And the provider answers the connection test late
      When a second operator tries an unknown key while the first waits for an answer
      Then each of them is told about the key that was tried

    @extended @API-41
    Scenario: The provider knows the key, but forbids its use
      Given an API key that the provider accepts
      And the provider answers the connection test with "403"
      When the operator tests the connection
      Then the vault answers that the credentials are invalid

    @extended @API-42 @API-43
    Scenario Outline: The provider answers the test with <answer>
      Given an API key that the provider accepts
      And the provider answers the connection test with "<answer>"
      When the operator tests the connection
      Then the vault answers that the provider did not vouch for the key
      And the provider was asked about the key once

      Examples:
        | answer                     |
        |                        202 |
        |                        204 |
        | 302 to a page that is fine |
        |                        400 |
        |                        404 |
        |                        429 |
        |                        500 |

    @extended @API-42
    Scenario Outline: The provider answers the test with <no answer>
      Given an API key that the provider accepts
      And the provider answers the connection test with "<no answer>"
      When the operator tests the connection
      Then the vault answers that the provider did not vouch for the key

      Examples:
        | no answer          |
        | a connection reset |
        | silence            |

    @extended @API-43
    Scenario: A provider that is down is not asked again
      Given an API key that the provider accepts
      And the provider answers the connection test with "503"
      When the operator tests the connection
      Then the vault answers that the provider did not vouch for the key
      And the provider is not asked about the key again

  Rule: A request that makes no sense is refused in plain words

    @extended @API-44 @SEC-10
    Scenario Outline: The operator sends <nonsense>
      Given an API key that the provider accepts
      When the operator tests the connection with <nonsense>
      Then the vault refuses the request with 400 and a plain reason

      Examples:
        | nonsense                         |
        | malformed JSON                   |
        | a list instead of an object      |
        | null                             |
        | no API key                       |
        | an empty API key                 |
        | an API key that is a number      |
        | an API key that is null          |
        | an API key that is a list        |
        | no provider type                 |
        | an unknown provider type         |
        | the provider type REST           |
        | the provider type constructor    |
        | a provider type that is a number |
        | a provider type that is a list   |

    @extended @API-44
    Scenario Outline: The operator sends <request>
      Given an API key that the provider accepts
      When the operator tests the connection with <request>
      Then the vault refuses the request with <status> and a plain reason

      Examples:
        | request                     | status |
        | a body of 64 KiB and a byte |    413 |
        | a body of plain text        |    415 |
        | a body of XML               |    415 |

    @extended @API-44
    Scenario Outline: The operator sends <request>, which is all right
      Given an API key that the provider accepts
      When the operator tests the connection with <request>
      Then the vault answers that the connection is secure, and how long that took

      Examples:
        | request                       |
        | a body of 64 KiB              |
        | a media type with a parameter |
        | members that nobody asked for |

  Rule: A key is for the provider alone

    @extended @SEC-10
    Scenario: The provider repeats the key in its own words
      Given an API key that the provider accepts
      And the provider answers the connection test with "500 and the key in its words"
      When the operator tests the connection
      Then the vault answers that the provider did not vouch for the key
      And the vault has not spread the key
