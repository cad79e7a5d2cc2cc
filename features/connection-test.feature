Feature: Connection test
  An operator wants to know that a key works before evidence depends on it.
  A test that approves a key without trying it, or that leaks the key, is worse than none.

  Rule: A connection is secure only when the provider accepts this very key

    @core @API-40
    Scenario: The provider accepts the key
      Given an API key that the provider accepts
      When the operator tests the connection
      Then the vault answers that the connection is secure, and how long that took
      And the provider was asked about the key once

    @extended @API-40
    Scenario: The provider answers late, but not too late
      Given an API key that the provider accepts
      And the provider answers the connection test with "200 after a while"
      When the operator tests the connection
      Then the vault answers that the connection is secure, and how long that took
      And the time it took is at least as long as the provider took

    @extended @API-40
    Scenario: The provider accepts the key with an empty answer
      Given an API key that the provider accepts
      And the provider answers the connection test with "200 without a body"
      When the operator tests the connection
      Then the vault answers that the connection is secure, and how long that took

    @extended @API-40 @settings
    Scenario: The address of the provider has a path
      Given a vault whose provider's address has the path /api/v2
      And an API key that the provider accepts
      When the operator tests the connection
      Then the vault answers that the connection is secure, and how long that took

    @extended @API-45
    Scenario: MongoDB cannot be reached, and is not needed
      Given an API key that the provider accepts
      And MongoDB cannot be reached
      When the operator tests the connection
      Then the vault answers that the connection is secure, and how long that took

    @core @API-40
    Scenario: The provider accepts a key that it refused before
      Given an API key that the provider does not know
      And the operator tests the connection
      And the vault answers that the credentials are invalid
      And the provider now accepts the key
      When the operator tests the connection
      Then the vault answers that the connection is secure, and how long that took

    @core @API-40
    Scenario: The key is very long
      Given an API key of 2000 characters that the provider accepts
      When the operator tests the connection
      Then the vault answers that the connection is secure, and how long that took

    @extended @API-40
    Scenario: The provider is up again after it was down
      Given an API key that the provider accepts
      And the provider answers the connection test with "503"
      And the operator tests the connection
      And the vault answers that the provider did not confirm the key
      When the operator tests the connection
      Then the vault answers that the connection is secure, and how long that took

  Rule: A refused key is not confused with a provider that cannot be asked

    @core @API-41
    Scenario: The provider does not know the key
      Given an API key that the provider does not know
      When the operator tests the connection
      Then the vault answers that the credentials are invalid

    @core @API-41
    Scenario: The provider has withdrawn a key that it accepted before
      Given an API key that the provider accepts
      And the operator tests the connection
      And the vault answers that the connection is secure, and how long that took
      And the provider has withdrawn the key
      When the operator tests the connection
      Then the vault answers that the credentials are invalid

    @core @API-40 @API-41
    Scenario: Two operators try different keys at the same time
      Given an API key that the provider accepts
      And the provider answers the connection test with "200 after a while"
      When a second operator tries an unknown key while the first waits for an answer
      Then each of them is told about the key that was tried

    @extended @API-41
    Scenario: The provider forbids the use of the key
      Given an API key that the provider accepts
      And the provider answers the connection test with "403"
      When the operator tests the connection
      Then the vault answers that the credentials are invalid

    @extended @API-42 @API-43
    Scenario Outline: The provider answers the test with <answer>
      Given an API key that the provider accepts
      And the provider answers the connection test with "<answer>"
      When the operator tests the connection
      Then the provider was asked about the key once
      And the vault answers that the provider did not confirm the key

      Examples:
        | answer                    |
        |                       202 |
        |                       204 |
        | 302 to a page that exists |
        |                       400 |
        |                       404 |
        |                       429 |
        |                       500 |

    @extended @API-42
    Scenario Outline: The provider never answers the test: <what happens>
      Given an API key that the provider accepts
      And the provider answers the connection test with "<what happens>"
      When the operator tests the connection
      Then the vault answers that the provider did not confirm the key

      Examples:
        | what happens       |
        | a connection reset |
        | silence            |

    @extended @API-43
    Scenario: A provider that is down is not asked again
      Given an API key that the provider accepts
      And the provider answers the connection test with "503"
      When the operator tests the connection
      Then the vault answers that the provider did not confirm the key
      And the provider is not asked about the key again

  Rule: A key is shown to the provider alone

    @extended @SEC-10
    Scenario: The provider sends the key back in its answer
      Given an API key that the provider accepts
      And the provider answers the connection test with "500 and the key in its answer"
      When the operator tests the connection
      Then the vault answers that the provider did not confirm the key
      And neither an answer nor the output of the vault shows the key
